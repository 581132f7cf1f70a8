// SPDX-License-Identifier: Apache-2.0
// Where in a message a reader is, for the words of its errors.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <testarena/utf8.h>

namespace testarena {
inline namespace v1 {
namespace detail {

/// One record, list or map that the reader is inside of. Steps stand on the stack of the functions that read, so that a
/// message without faults pays nothing for the path.
struct Step {
  static constexpr std::size_t kNoIndex = ~std::size_t{0};

  const Step* outer;
  std::string_view name{};       ///< of the field or key; comes from the peer
  std::size_t index = kNoIndex;  ///< of the element
};

/// Names from the peer are cut: an error is a line, not a copy of the message.
inline std::string stepName(const Step& step) {
  return cleanUtf8(step.name.substr(0, 64));
}

/// `jobs[0].state`
inline std::string pathOf(const Step* step) {
  if (!step) return {};
  std::string text = pathOf(step->outer);
  if (step->index != Step::kNoIndex) return text + "[" + std::to_string(step->index) + "]";
  if (step->name.empty()) return text;
  if (!text.empty()) text += '.';
  return text + stepName(*step);
}

/// `/jobs/0/state`, RFC 6901
inline std::string pointerOf(const Step* step) {
  if (!step) return {};
  std::string text = pointerOf(step->outer);
  if (step->index != Step::kNoIndex) return text + "/" + std::to_string(step->index);
  if (step->name.empty()) return text;
  text += '/';
  for (char c : stepName(*step)) {
    if (c == '~') {
      text += "~0";
    } else if (c == '/') {
      text += "~1";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace detail
}  // namespace v1
}  // namespace testarena
