// SPDX-License-Identifier: Apache-2.0
// A tool of the build: turns a YAML document into the source of a C++ function that returns it as JSON.
//   embed_yaml doc/openapi.yaml openapi.cpp
#include <fstream>
#include <iostream>
#include <regex>
#include <string>
#include <yaml-cpp/yaml.h>

#include <testarena/json.h>

namespace {

/// A plain scalar is what YAML 1.2's core schema says; a quoted one is text.
void appendScalar(std::string& out, const YAML::Node& node) {
  static const std::regex kNumber("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
  const auto& text = node.Scalar();
  const bool quoted = node.Tag() == "!";
  if (!quoted && (text == "true" || text == "false" || text == "null" || std::regex_match(text, kNumber))) {
    out += text;
  } else {
    testarena::appendJsonText(out, text);
  }
}

void appendNode(std::string& out, const YAML::Node& node) {
  if (node.IsMap()) {
    out += '{';
    bool first = true;
    for (const auto& member : node) {
      if (!first) out += ',';
      first = false;
      testarena::appendJsonText(out, member.first.Scalar());
      out += ':';
      appendNode(out, member.second);
    }
    out += '}';
  } else if (node.IsSequence()) {
    out += '[';
    for (std::size_t i = 0; i < node.size(); ++i) {
      if (i > 0) out += ',';
      appendNode(out, node[i]);
    }
    out += ']';
  } else if (node.IsScalar()) {
    appendScalar(out, node);
  } else {
    out += "null";
  }
}

/// Raw string literals have a largest length that compilers must take; pieces side by side have not.
void writeLiteral(std::ostream& out, const std::string& text) {
  constexpr std::size_t kPiece = 8000;
  for (std::size_t i = 0; i < text.size(); i += kPiece) out << "R\"~~(" << text.substr(i, kPiece) << ")~~\"\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: embed_yaml FILE.yaml FILE.cpp\n";
    return 2;
  }
  try {
    std::string json;
    appendNode(json, YAML::LoadFile(argv[1]));
    std::ofstream out(argv[2]);
    out << "// Made from doc/openapi.yaml by the build.\n#include \"openapi.h\"\n\nnamespace testarena::server {\n\n"
           "std::string_view openApiDocument() {\n  static constexpr char kDocument[] =\n";
    writeLiteral(out, json);
    out << "  ;\n  return {kDocument, sizeof kDocument - 1};\n}\n\n}  // namespace testarena::server\n";
    return out.good() ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << argv[1] << ": " << error.what() << "\n";
    return 1;
  }
}
