// SPDX-License-Identifier: Apache-2.0
// Reads what stands in an address, strictly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "request.h"

namespace testarena::http {

/// A positive number below 2^53 in its one spelling: no sign, no zero in front, no blank. Else `NotFound`: such an
/// address names nothing.
int64_t idFrom(std::string_view text, std::string_view what);

/// The parameters of a query. A name that is not one of `known`, or that comes twice, is `Invalid`.
class Parameters {
 public:
  Parameters(const Request& request, const std::vector<std::string>& known);
  /// For protocols whose two sides may be of different age: other names are left alone, of two the first counts.
  explicit Parameters(const Request& request) : request_(request) {}

  /// The text; empty where it is missing.
  std::string text(std::string_view name) const;
  /// The text; `Invalid` where it is missing or empty.
  std::string required(std::string_view name) const;
  /// A whole number from `least` to `most`, `otherwise` where it is missing.
  int64_t number(std::string_view name, int64_t otherwise, int64_t least, int64_t most) const;
  std::optional<int64_t> number(std::string_view name, int64_t least, int64_t most) const;

 private:
  const Request& request_;
};

}  // namespace testarena::http
