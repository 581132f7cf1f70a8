// SPDX-License-Identifier: Apache-2.0
// A text that must not be seen: prints as `***`, and its memory is wiped when it goes.
#pragma once

#include <ostream>
#include <string>
#include <utility>

#include <fmt/core.h>

namespace testarena {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(); }

  bool empty() const { return text_.empty(); }

  /// The text itself. The one word to search for when reviewing where secrets go.
  const std::string& reveal() const { return text_; }

 private:
  void wipe();

  std::string text_;
};

inline std::ostream& operator<<(std::ostream& out, const Secret&) {
  return out << "***";
}

}  // namespace testarena

template <>
struct fmt::formatter<testarena::Secret> : fmt::formatter<fmt::string_view> {
  template <class Context>
  auto format(const testarena::Secret&, Context& context) const {
    return fmt::formatter<fmt::string_view>::format("***", context);
  }
};
