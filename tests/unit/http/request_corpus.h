// SPDX-License-Identifier: Apache-2.0
// Raw requests that must be accepted, and raw requests that must be refused.
#pragma once

#include <string>
#include <vector>

namespace testarena::http::test {

/// What one connection sends, and what must come of it. Host names served are "localhost", addresses and
/// "arena.example".
struct RawCase {
  std::string name;
  std::string bytes;
  int accepted = 0;           ///< so many requests reach a handler
  std::vector<int> refusals;  ///< then one answer with one of these statuses and the end of the connection; empty:
                              ///< nothing is refused
};

/// Every refusal is one of these.
inline const std::vector<int> kRefusalStatuses = {400, 408, 411, 413, 414, 431, 501, 505};

/// A request that no connection may ever be seen to make: it stands behind every refused one.
inline constexpr const char* kSmuggled = "GET /SMUGGLED HTTP/1.1\r\nHost: localhost\r\n\r\n";

std::vector<RawCase> requestCorpus();

}  // namespace testarena::http::test
