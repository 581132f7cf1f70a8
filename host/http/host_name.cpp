// SPDX-License-Identifier: Apache-2.0
#include "host_name.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstring>

namespace testarena::http {
namespace {

constexpr std::size_t kLongestName = 253;
constexpr std::string_view kLocalhost = "localhost";

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool isPort(std::string_view text) {
  if (text.empty() || text.size() > 5 || !std::all_of(text.begin(), text.end(), isDigit)) return false;
  int value = 0;
  for (char c : text) value = value * 10 + (c - '0');
  return value <= 65535;
}

bool isAddress(int family, std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN + 1> copy{};
  if (text.size() >= copy.size()) return false;
  std::memcpy(copy.data(), text.data(), text.size());
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return inet_pton(family, copy.data(), ignored.data()) == 1;
}

bool isName(std::string_view text) {
  if (text.empty() || text.size() > kLongestName || text.front() == '.' || text.front() == '-') return false;
  bool after_dot = false;
  for (char c : text) {
    bool letter = (lower(c) >= 'a' && lower(c) <= 'z') || isDigit(c) || c == '-' || c == '_';
    if (!letter && (c != '.' || after_dot)) return false;
    after_dot = c == '.';
  }
  return true;
}

bool equalNames(std::string_view a, std::string_view lower_case) {
  return a.size() == lower_case.size() &&
         std::equal(a.begin(), a.end(), lower_case.begin(), [](char x, char y) { return lower(x) == y; });
}

}  // namespace

Authority parseAuthority(std::string_view text) {
  Authority result;
  std::string_view rest;
  if (!text.empty() && text.front() == '[') {
    std::size_t close = text.find(']');
    if (close == std::string_view::npos) return {};
    result.host = text.substr(1, close - 1);
    result.is_address = true;
    rest = text.substr(close + 1);
    if (!isAddress(AF_INET6, result.host)) return {};
  } else {
    std::size_t colon = text.find(':');
    result.host = text.substr(0, colon);
    rest = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
    result.is_address = isAddress(AF_INET, result.host);
    if (!result.is_address && !isName(result.host)) return {};
  }
  if (!rest.empty()) {
    if (rest.front() != ':' || !isPort(rest.substr(1))) return {};
    result.port = rest.substr(1);
  }
  return result;
}

bool isServed(const Authority& authority, const std::vector<std::string>& names) {
  if (authority.host.empty()) return false;
  if (names.empty() || authority.is_address) return true;
  std::string_view host = authority.host;
  if (host.back() == '.') host.remove_suffix(1);
  if (equalNames(host, kLocalhost)) return true;
  if (host.size() > kLocalhost.size() && host[host.size() - kLocalhost.size() - 1] == '.' &&
      equalNames(host.substr(host.size() - kLocalhost.size()), kLocalhost))
    return true;
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return equalNames(host, name); });
}

}  // namespace testarena::http
