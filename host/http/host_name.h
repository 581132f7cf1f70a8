// SPDX-License-Identifier: Apache-2.0
// What may stand in a Host field.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace testarena::http {

/// A well-formed `name`, `name:port`, `[v6]` or `[v6]:port`, split. Views into the text.
struct Authority {
  std::string_view host;    ///< without brackets and port; empty: not well-formed
  std::string_view port;    ///< digits, or empty
  bool is_address = false;  ///< an IPv4 or IPv6 address
};

/// `host` of the result is empty for everything else: user names, blanks, empty ports, ports above 65535.
Authority parseAuthority(std::string_view text);

/// Whether a name in Host is served: every address, localhost and what is below it, and the configured names (lower
/// case). No names configured: all. Pages of other sites that make a name of theirs point here (DNS rebinding) are what
/// this keeps out.
bool isServed(const Authority& authority, const std::vector<std::string>& names);

}  // namespace testarena::http
