// SPDX-License-Identifier: Apache-2.0
// A second reading of RFC 9112 with the same rules as headCheck, written in another way: what both say alike is
// probably meant.
#pragma once

#include <string_view>

namespace testarena::http::test {

struct Reading {
  int requests = 0;      ///< complete ones
  bool refused = false;  ///< what follows them cannot be a request
  bool operator==(const Reading&) const = default;
};

/// Reads everything that a connection sent. Hosts served: addresses, localhost and below, arena.example. Bodies up to 1
/// MiB.
Reading readReference(std::string_view bytes);

}  // namespace testarena::http::test
