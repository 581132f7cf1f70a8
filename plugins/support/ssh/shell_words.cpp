// SPDX-License-Identifier: Apache-2.0
#include "shell_words.h"

#include <algorithm>

#include <testarena/error.h>

namespace testarena::ssh {
namespace {

// <cctype> asks the locale.
bool isPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-./:,@%+").find(c) != std::string_view::npos;
}

}  // namespace

std::string shellQuoted(std::string_view word) {
  if (word.find('\0') != std::string_view::npos) throw Invalid("an argument of a command cannot contain a NUL");
  if (!word.empty() && std::all_of(word.begin(), word.end(), isPlain)) return std::string(word);
  // Between single quotes a shell leaves every byte alone, but for the single quote itself.
  std::string text = "'";
  for (const char c : word) {
    if (c == '\'') {
      text += "'\\''";
    } else {
      text += c;
    }
  }
  return text + "'";
}

std::string commandLine(const std::vector<std::string>& argv) {
  if (argv.empty()) throw Invalid("a command has at least the name of its program");
  std::string line;
  for (const std::string& word : argv) line += (line.empty() ? "" : " ") + shellQuoted(word);
  return line;
}

}  // namespace testarena::ssh
