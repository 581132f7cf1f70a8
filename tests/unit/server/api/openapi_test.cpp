// SPDX-License-Identifier: Apache-2.0
// The API's description and the route table say the same, in both directions.
#include "openapi.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "api_description.h"
#include "json_reader.h"
#include "route.h"

namespace testarena::server {
namespace {

constexpr JsonLimits kLimits{4 << 20, 64};

const Value& document() {
  static const Value kDocument = parseJson(withRecordSchemas(openApiDocument()), kLimits);
  return kDocument;
}

bool isMethod(const std::string& key) {
  return key == "get" || key == "post" || key == "put" || key == "delete" || key == "patch";
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

/// "GET /livez" to the operation's description.
std::map<std::string, const Value*> operations() {
  std::map<std::string, const Value*> found;
  for (const auto& path : document().find("paths")->table()) {
    for (const auto& member : path.value.table()) {
      if (isMethod(member.key)) found[upper(member.key) + " " + path.key] = &member.value;
    }
  }
  return found;
}

TEST(OpenApi, describesEveryRouteAndNoOther) {
  std::set<std::string> described;
  for (const auto& [name, operation] : operations()) described.insert(name);
  std::set<std::string> routed;
  for (const auto& route : routes()) routed.insert(std::string(route.method) + " " + route.pattern);
  EXPECT_EQ(described, routed);
}

TEST(OpenApi, saysOfEachRouteWhetherItNeedsCredentials) {
  const auto described = operations();
  for (const auto& route : routes()) {
    const auto& operation = *described.at(std::string(route.method) + " " + route.pattern);
    const auto* security = operation.find("security");
    const bool open = security != nullptr && security->list().empty();
    EXPECT_EQ(open, route.access == Access::open) << route.method << " " << route.pattern;
    EXPECT_EQ(operation.find("responses")->find("401") != nullptr || open, true)
        << route.method << " " << route.pattern;
  }
}

TEST(OpenApi, namesEachParameterOfItsPath) {
  for (const auto& path : document().find("paths")->table()) {
    const auto& text = path.key;
    for (size_t begin = text.find('{'); begin != std::string::npos; begin = text.find('{', begin + 1)) {
      const auto name = text.substr(begin + 1, text.find('}', begin) - begin - 1);
      bool found = false;
      auto look = [&](const Value* parameters) {
        if (parameters == nullptr) return;
        for (const auto& parameter : parameters->list()) {
          const auto* reference = parameter.find("$ref");
          found = found || (reference != nullptr && reference->text() == "#/components/parameters/" + name) ||
                  (parameter.find("name") != nullptr && parameter.find("name")->text() == name);
        }
      };
      look(path.value.find("parameters"));
      for (const auto& member : path.value.table()) {
        if (isMethod(member.key)) look(member.value.find("parameters"));
      }
      EXPECT_TRUE(found) << text << ": " << name;
    }
  }
}

/// Every $ref of the document, wherever it stands.
void collectReferences(const Value& value, std::set<std::string>& references) {
  if (value.isTable()) {
    for (const auto& member : value.table()) {
      if (member.key == "$ref") references.insert(member.value.text());
      collectReferences(member.value, references);
    }
  } else if (value.isList()) {
    for (const auto& element : value.list()) collectReferences(element, references);
  }
}

TEST(OpenApi, everyReferenceLeadsSomewhereAndNoSchemaIsUnused) {
  std::set<std::string> references;
  collectReferences(document(), references);
  const auto* components = document().find("components");
  std::set<std::string> known;
  for (const auto& section : components->table()) {
    for (const auto& member : section.value.table()) known.insert("#/components/" + section.key + "/" + member.key);
  }
  for (const auto& reference : references) EXPECT_TRUE(known.count(reference)) << reference;
  for (const auto& schema : components->find("schemas")->table()) {
    EXPECT_TRUE(references.count("#/components/schemas/" + schema.key)) << schema.key << " is not used";
  }
}

}  // namespace
}  // namespace testarena::server
