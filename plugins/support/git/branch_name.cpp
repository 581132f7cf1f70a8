// SPDX-License-Identifier: Apache-2.0
#include "branch_name.h"

#include <algorithm>
#include <cstddef>

namespace testarena::git {
namespace {

constexpr std::size_t kLongest = 200;
constexpr std::string_view kAllowed = "letters, digits and . _ / + -";

// <cctype> asks the locale.
bool isLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool isAllowed(char c) {
  return isLetterOrDigit(c) || std::string_view("._/+-").find(c) != std::string_view::npos;
}

/// The character for a message that may end in a terminal or a log.
std::string shown(char c) {
  if (c == ' ') return "a space";
  if (c > ' ' && c < 0x7f) return std::string("'") + c + "'";
  const auto value = static_cast<unsigned char>(c);
  if (value >= 0x80) return "a letter beyond ASCII";
  constexpr char kDigits[] = "0123456789abcdef";
  return std::string("the control character 0x") + kDigits[value >> 4] + kDigits[value & 15];
}

/// git's rules for one part between slashes (git-check-ref-format), as far as the allow-list leaves them to be broken.
std::string whyNoPart(std::string_view part) {
  if (part.empty()) return "a branch name has no '/' at its begin or end, and no '//'";
  if (part.front() == '.') return "no part of a branch name begins with '.'";
  if (part.size() >= 5 && part.substr(part.size() - 5) == ".lock") return "no part of a branch name ends with '.lock'";
  return {};
}

}  // namespace

std::string whyNoBranchName(std::string_view text) {
  if (text.empty()) return "a branch name is not empty";
  if (text.size() > kLongest) {
    return "a branch name has at most " + std::to_string(kLongest) + " characters, this one has " +
           std::to_string(text.size());
  }
  if (text.front() == '-') return "a branch name does not begin with '-'";
  const auto bad = std::find_if_not(text.begin(), text.end(), isAllowed);
  if (bad != text.end()) {
    return "a branch name cannot contain " + shown(*bad) + " here; allowed are " + std::string(kAllowed);
  }
  if (text == "HEAD") return "HEAD is no branch: write the name of the branch that is meant";
  if (text.substr(0, 5) == "refs/") return "write the name of the branch alone, without refs/heads/";
  if (text.find("..") != std::string_view::npos) return "a branch name has no '..'";
  if (text.back() == '.') return "a branch name does not end with '.'";
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('/', begin), text.size());
    if (std::string why = whyNoPart(text.substr(begin, end - begin)); !why.empty()) return why;
    begin = end + 1;
  }
  return {};
}

bool isObjectName(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace testarena::git
