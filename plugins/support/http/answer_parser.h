// SPDX-License-Identifier: Apache-2.0
// Reads one answer of HTTP/1 from the octets of a connection, and knows whether it was whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "answer.h"

namespace testarena::http {

/// Strict: what RFC 9112 does not allow, and what two readers could read in two ways, is refused. An answer counts as
/// whole only if its length was told beforehand or its last chunk has come.
class AnswerParser {
 public:
  struct Limits {
    std::size_t head = std::size_t{64} << 10;  ///< of the head, of interim answers and of trailers, each
    std::uint64_t body = std::uint64_t{1} << 20;
  };
  /// Takes the body of an answer 200 instead of Answer::body.
  using Sink = std::function<void(std::string_view)>;

  AnswerParser(Limits limits, Sink sink) : limits_(limits), sink_(std::move(sink)) {}

  /// Takes octets in the order in which they come; the number of those that belong to this answer. Throws Unavailable
  /// for what is no answer, Exhausted for one beyond the limits, and what the sink throws.
  std::size_t take(std::string_view octets);

  /// The other side has closed. Throws Unavailable if there was more to come, or if that is not known.
  void close();

  bool hasBegun() const { return begun_; }
  bool isWhole() const { return place_ == Place::done; }
  /// The body has no end but that of the connection.
  bool endsByClosing() const { return place_ == Place::until_close; }
  /// The body is beyond its limit.
  bool isTooLong() const { return isTooLong_; }
  /// The connection can be used for another request.
  bool keepsAlive() const { return isWhole() && keepsAlive_; }

  Answer& answer() { return answer_; }

 private:
  enum class Place { head, body, chunk_size, chunk, chunk_end, trailers, until_close, done };

  bool takeLine(std::string_view& octets, std::size_t limit);
  void takeBody(std::string_view& octets);
  void keep(std::string_view octets);
  void readStatusLine(std::string_view line);
  void readField(std::string_view line);
  void readChunkSize(std::string_view line);
  void endOfHead();

  const Limits limits_;
  const Sink sink_;
  Answer answer_;
  Place place_ = Place::head;
  bool isTooLong_ = false;
  std::string line_;          ///< the part of a line that has come
  std::size_t headSize_ = 0;  ///< of the head, chunk extensions or trailers that are being read
  std::uint64_t left_ = 0;    ///< of the body, or of the chunk
  std::uint64_t bodySize_ = 0;
  int interim_ = 0;
  int minor_ = 0;  ///< HTTP/1.minor
  bool begun_ = false;
  bool keepsAlive_ = false;
};

}  // namespace testarena::http
