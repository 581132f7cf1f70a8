// SPDX-License-Identifier: Apache-2.0
// Where a server is, and how texts become part of an address.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace testarena::http {

struct Address {
  bool tls = false;
  std::string host;  ///< a name, or an IP address without brackets
  std::uint16_t port = 0;
  std::string target;  ///< path and query: empty, or begins with `/`

  bool sameServer(const Address& other) const { return tls == other.tls && host == other.host && port == other.port; }
  /// "http://host:8080", without the target.
  std::string server() const;
  /// What stands in the field Host: the port only where it is not the scheme's own.
  std::string hostField() const;
};

/// `http://host[:port][/path][?query]`, or https. Throws Invalid, in words, for anything else: another scheme, a name
/// and password, a fragment, spaces, control characters.
Address parseAddress(std::string_view url);

/// Everything but letters, digits, `-`, `.`, `_`, `~` and what stands in `keep` as %XX, octet by octet.
std::string percentEncoded(std::string_view text, std::string_view keep = {});

}  // namespace testarena::http
