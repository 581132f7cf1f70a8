// SPDX-License-Identifier: Apache-2.0
#include "split_statements.h"

namespace testarena::sql {
namespace {

bool isTagCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// How long what begins at the front of `text` is, if it is a unit in which a semicolon means nothing; else 0.
std::size_t opaqueLength(std::string_view text) {
  const auto through = [&](std::string_view end, std::size_t from) {
    const std::size_t found = text.find(end, from);
    return found == std::string_view::npos ? text.size() : found + end.size();
  };
  if (text[0] == '\'' || text[0] == '"') return through(text.substr(0, 1), 1);
  if (text.substr(0, 2) == "--") return through("\n", 2);
  if (text.substr(0, 2) == "/*") return through("*/", 2);
  if (text[0] == '$') {
    std::size_t end = 1;
    while (end < text.size() && isTagCharacter(text[end])) ++end;
    if (end < text.size() && text[end] == '$') return through(text.substr(0, end + 1), end + 1);
  }
  return 0;
}

bool isComment(std::string_view opaque) {
  return opaque.substr(0, 2) == "--" || opaque.substr(0, 2) == "/*";
}

}  // namespace

std::vector<std::string> splitStatements(std::string_view script) {
  std::vector<std::string> statements;
  std::size_t begin = 0;
  bool says = false;
  const auto finish = [&](std::size_t end) {
    if (says) {
      const std::size_t first = script.find_first_not_of(" \t\r\n", begin);
      statements.emplace_back(script.substr(first, end - first));
    }
    says = false;
  };
  for (std::size_t at = 0; at < script.size();) {
    if (const std::size_t length = opaqueLength(script.substr(at)); length != 0) {
      says = says || !isComment(script.substr(at));
      at += length;
    } else if (script[at] == ';') {
      finish(at);
      begin = ++at;
    } else {
      says = says || std::string_view(" \t\r\n").find(script[at]) == std::string_view::npos;
      ++at;
    }
  }
  finish(script.size());
  return statements;
}

}  // namespace testarena::sql
