// SPDX-License-Identifier: Apache-2.0
#include "password_rules.h"

#include <algorithm>
#include <array>
#include <set>

#include <testarena/utf8.h>

namespace testarena {
namespace {

/// Long enough, and first in every list. In lower case, without spaces.
constexpr std::array<std::string_view, 16> kGuessedFirst = {
    "passwordpassword",          "password12345678",      "123456789012345",  "1234567890123456",
    "qwertyuiopasdfgh",          "qwertyuiop12345",       "1qaz2wsx3edc4rfv", "administrator123",
    "administratoradmin",        "letmeinletmeinletmein", "iloveyouiloveyou", "changemechangeme",
    "correcthorsebatterystaple", "testarenatestarena",    "abcdefghijklmnop", "thisismypassword"};

constexpr std::size_t kFewestDifferent = 5;

std::string plain(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c != ' ') result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return result;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// What is left when the name is taken out wherever it stands.
std::string without(std::string text, const std::string& name) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at)) text.erase(at, name.size());
  return text;
}

}  // namespace

bool isNoPassword(std::string_view password) {
  return password.empty() || password.size() > kLongestPassword || password.find('\0') != std::string_view::npos;
}

std::string whyNoPassword(std::string_view password, std::string_view username) {
  if (password.size() > kLongestPassword) {
    return "a password has at most " + std::to_string(kLongestPassword) + " bytes";
  }
  if (!isUtf8(password) || password.find('\0') != std::string_view::npos) return "a password is text, without NUL";
  if (characters(password) < kShortestPassword) {
    return "a password has at least " + std::to_string(kShortestPassword) + " characters; a few words in a row will do";
  }
  const std::string lower = plain(password);
  if (std::set<char>(lower.begin(), lower.end()).size() < kFewestDifferent) {
    return "the password has fewer than " + std::to_string(kFewestDifferent) + " different characters";
  }
  if (std::find(kGuessedFirst.begin(), kGuessedFirst.end(), lower) != kGuessedFirst.end()) {
    return "the password is one of those that are tried first: choose another";
  }
  const std::string name = plain(username);
  if (name.size() >= 3 && lower.find(name) != std::string::npos &&
      without(lower, name).size() < kShortestPassword / 2) {
    return "the password is little more than the user's name: choose another";
  }
  return {};
}

}  // namespace testarena
