// SPDX-License-Identifier: Apache-2.0
// Reads a chunked body strictly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "head_check.h"

namespace testarena::http {

/// Decodes `Transfer-Encoding: chunked` from bytes that arrive piece by piece.
///
/// One spelling only: a size is 1 to 8 hexadecimal digits and CR LF (no extensions, which nobody sends and which
/// parsers disagree on); data is followed by CR LF; after the chunk of size 0 an empty line, no trailer fields.
class ChunkDecoder {
 public:
  /// Takes what it can off the front of `bytes` (all of it, or up to the end of the body) and appends data to `body`.
  /// Returns what is wrong, if anything: 400, or 413 when the body would be larger than `max_body`.
  HeadRefusal decode(std::string_view& bytes, std::string& body, std::size_t max_body);

  bool complete() const { return expects_ == Expects::nothing; }

 private:
  enum class Expects : std::uint8_t { size, size_end, data, data_return, data_end, last_return, last_end, nothing };

  HeadRefusal sizeByte(char c, std::size_t room);

  std::uint64_t left_ = 0;  ///< of the chunk being read
  std::uint8_t digits_ = 0;
  Expects expects_ = Expects::size;
};

}  // namespace testarena::http
