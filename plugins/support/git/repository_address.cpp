// SPDX-License-Identifier: Apache-2.0
#include "repository_address.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include <testarena/error.h>

namespace testarena::git {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw Invalid("the repository " + why, "/repository");
}

bool startsWith(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

bool isPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

/// user@host:path, as scp writes it; git takes it for ssh if no '/' stands before the ':'.
bool isScpForm(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return false;
  const std::string_view before = text.substr(0, colon);
  const std::string_view host = before.substr(before.find('@') == std::string_view::npos ? 0 : before.find('@') + 1);
  const bool plain = std::all_of(before.begin(), before.end(), [](char c) { return isPlain(c) || c == '@'; });
  // `ext::command` is a transport that runs a command.
  return plain && !host.empty() && host.front() != '-' && before.front() != '-' && text[colon + 1] != ':';
}

void refusePassword(std::string_view text, std::string_view scheme) {
  const std::string_view authority = text.substr(scheme.size(), text.find('/', scheme.size()) - scheme.size());
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos && authority.substr(0, at).find(':') != std::string_view::npos) {
    refuse("must not have a password in its URL, every local user could read it: use credentials_file");
  }
  if (authority.empty() || authority.front() == '-') refuse("names no host in its URL");
}

}  // namespace

RepositoryAddress parseRepositoryAddress(std::string_view text) {
  const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (text.empty()) refuse("is not set: give an absolute path or a URL");
  if (std::any_of(text.begin(), text.end(), isControl)) refuse("has a control character in its name");
  if (text.front() == '/') return {std::string(text), {}};
  if (startsWith(text, "file:///")) return {std::string(text), "file"};
  for (const std::string_view scheme : {"https://", "ssh://"}) {
    if (!startsWith(text, scheme)) continue;
    refusePassword(text, scheme);
    return {std::string(text), std::string(scheme.substr(0, scheme.find(':')))};
  }
  if (startsWith(text, "http://") || startsWith(text, "git://")) {
    refuse("is given by a URL that proves nothing about who answers: use https or ssh");
  }
  if (text.find("://") == std::string_view::npos && isScpForm(text)) return {std::string(text), "ssh"};
  refuse("must be an absolute path or a URL that begins with https://, ssh:// or file:///, not '" + std::string(text) +
         "'");
}

std::string mirrorName(const RepositoryAddress& address) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a: nobody gains by two addresses in one folder of their own server
  for (const char c : address.text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  std::array<char, 17> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(hash));

  std::string_view last = address.text;
  while (!last.empty() && last.back() == '/') last.remove_suffix(1);
  last = last.substr(last.find_last_of("/:") + 1);
  std::string name;
  for (const char c : last.substr(0, 60)) name += isPlain(c) ? c : '_';
  if (name.empty() || name.front() == '.' || name.front() == '-') name.insert(0, "_");
  return name + "-" + digits.data();
}

}  // namespace testarena::git
