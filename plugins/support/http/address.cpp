// SPDX-License-Identifier: Apache-2.0
#include "address.h"

#include <algorithm>

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <testarena/error.h>

namespace testarena::http {
namespace {

bool isPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

[[noreturn]] void refuse(std::string_view url, const std::string& why) {
  throw Invalid("'" + std::string(url.substr(0, 200)) + "' " + why + ": it must be like http://host:8080/path");
}

}  // namespace

Address parseAddress(std::string_view url) {
  // Poco would decode and encode again; what is sent is to be what was written.
  const auto isSane = [](char c) { return c > ' ' && c < 0x7f; };
  if (!std::all_of(url.begin(), url.end(), isSane)) refuse(url, "has spaces, or characters that are not ASCII");
  if (url.find('#') != std::string_view::npos) refuse(url, "has a fragment");
  Poco::URI uri;
  try {
    uri = Poco::URI(std::string(url));
  } catch (const Poco::Exception&) {
    refuse(url, "is no URL");
  }
  Address address;
  if (uri.getScheme() != "http" && uri.getScheme() != "https") refuse(url, "does not begin with http:// or https://");
  if (!uri.getUserInfo().empty()) refuse(url, "has a name or password in it");
  if (uri.getHost().empty() || uri.getPort() == 0) refuse(url, "names no host or no port");
  address.tls = uri.getScheme() == "https";
  address.host = uri.getHost();
  if (address.host.size() > 2 && address.host.front() == '[') {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  address.port = uri.getPort();
  const std::size_t authority = url.find("//") + 2;
  const std::size_t target = url.find_first_of("/?", authority);
  if (target != std::string_view::npos) {
    address.target = url.substr(target);
    if (address.target.front() == '?') address.target.insert(0, "/");
  }
  return address;
}

std::string Address::hostField() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (tls ? 443 : 80) ? name : name + ":" + std::to_string(port);
}

std::string Address::server() const {
  return (tls ? "https://" : "http://") + hostField();
}

std::string percentEncoded(std::string_view text, std::string_view keep) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (isPlain(c) || keep.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      const auto octet = static_cast<unsigned char>(c);
      encoded += {'%', kDigits[octet >> 4], kDigits[octet & 15]};
    }
  }
  return encoded;
}

}  // namespace testarena::http
