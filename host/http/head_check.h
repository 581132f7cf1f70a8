// SPDX-License-Identifier: Apache-2.0
// Decides, on the raw bytes, whether a request head is one that can be read in one way only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace testarena::http {

/// A piece of the head's bytes, by place, so that it stays right when the bytes are moved.
struct Slice {
  std::uint32_t at = 0;
  std::uint32_t size = 0;
  std::string_view in(std::string_view bytes) const { return bytes.substr(at, size); }
};

/// A head that passed. Slices are places in the bytes that were checked.
struct Head {
  struct Field {
    Slice name;
    Slice value;  ///< without surrounding blanks
  };
  enum class Body { none, length, chunked };

  Slice method;
  Slice target;  ///< origin form, or "*": scheme and authority of an absolute target are left out
  Slice host;    ///< empty for HTTP/1.0 without
  std::vector<Field> fields;
  bool http11 = true;
  bool keep_alive = true;         ///< the client wants to go on after this request
  bool expects_continue = false;  ///< it waits for 100 before it sends the body
  Body body = Body::none;
  std::uint64_t content_length = 0;
};

struct HeadLimits {
  std::size_t max_head = 16 * 1024;  ///< the whole head with its empty line
  std::size_t max_target = 8 * 1024;
  std::size_t max_fields = 100;
  std::size_t max_value = 8 * 1024 - 1;  ///< of one field; common servers take no more
  std::size_t max_body = 1024 * 1024;
  std::vector<std::string> hosts;  ///< lower-case names served besides addresses and localhost; empty: any
};

/// What is wrong, for the one answer that the client gets before the connection is closed.
struct HeadRefusal {
  int status = 0;  ///< 400, 413, 414, 431, 501 or 505; 0: nothing is wrong
  const char* detail = "";
  explicit operator bool() const { return status != 0; }
};

/// Finds the end of a head in bytes that arrive piece by piece, and what can never become one as soon as it shows.
///
/// One empty line before the head is skipped (RFC 9112, 2.2). State is two numbers, so a waiting connection costs
/// nothing more.
class HeadScanner {
 public:
  /// `bytes` is everything that has come so far; what was scanned before is not looked at again. Returns what is wrong,
  /// if anything.
  HeadRefusal scan(std::string_view bytes, const HeadLimits& limits);
  bool complete() const { return end_ != 0; }
  std::size_t begin() const { return begin_; }  ///< where the head starts: 0, or 2 after an empty line
  std::size_t end() const { return end_; }      ///< one past its empty line
  bool begun() const { return scanned_ > begin_; }

 private:
  std::uint32_t scanned_ = 0;
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
};

/// Checks a complete head (from its first byte to its empty line, both included) and fills `head`. What it returns is
/// what is wrong.
///
/// Refused, because some other server on the way may read it differently (request smuggling) or because it carries text
/// where there must be none: anything but CR LF at line ends, control bytes, folded lines, a blank before ':',
/// Content-Length together with Transfer-Encoding, either of them or Host twice, a length that is not 1 to 15 digits, a
/// transfer coding other than exactly `chunked`, Transfer-Encoding in HTTP/1.0, encoded words
/// (`=?`) in Host, Cookie, Authorization, Origin and the framing fields, a version other than 1.0 and 1.1, no Host
/// in 1.1, a Host that is no name or address or is not served here, an absolute target for another authority, a target
/// with bytes that no target may hold.
HeadRefusal headCheck(std::string_view bytes, const HeadLimits& limits, Head& head);

/// Compares field names without case.
bool sameName(std::string_view a, std::string_view b);
/// True for the characters of a token (RFC 9110, 5.6.2): methods and field names.
bool isToken(std::string_view text);

}  // namespace testarena::http
