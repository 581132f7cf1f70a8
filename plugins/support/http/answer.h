// SPDX-License-Identifier: Apache-2.0
// What a server answered.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace testarena::http {

struct Answer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> fields;  ///< names in lower case, values as they came, in order
  std::string body;                                         ///< empty where Request::sink took it

  /// The first field of the name, which is in lower case.
  std::optional<std::string_view> field(std::string_view name) const {
    for (const auto& [known, value] : fields) {
      if (known == name) return value;
    }
    return std::nullopt;
  }
};

}  // namespace testarena::http
