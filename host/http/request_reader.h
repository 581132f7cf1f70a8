// SPDX-License-Identifier: Apache-2.0
// Cuts the bytes of a connection into complete, checked requests.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "chunk_decoder.h"
#include "head_check.h"

namespace testarena::http {

/// One request as it came: head checked, body whole and decoded.
struct CompleteRequest {
  std::string head_bytes;  ///< from the method to the empty line
  Head head;
  std::string body;
};

/// Fed with what arrives, in pieces of any size, it gives out one request at a time; what belongs to the next one is
/// kept. Knows nothing of sockets and time.
///
/// What it refuses, it refuses as soon as that shows. After a refusal it must not be fed again: where one request
/// cannot be read, the place where the next one begins is not known either.
class RequestReader {
 public:
  struct Step {
    HeadRefusal refusal;
    std::unique_ptr<CompleteRequest> request;  ///< null: more bytes are needed
    bool send_continue = false;                ///< the client waits for `100 Continue`; said once
  };

  /// Takes new bytes. After a step that gave a request, feed({}) looks at what was kept.
  Step feed(std::string_view bytes, const HeadLimits& limits);

  /// Nothing of a next request has come.
  bool empty() const { return input_.empty() && !partial_; }
  bool headComplete() const { return partial_ != nullptr; }
  /// Bytes kept.
  std::size_t buffered() const;

 private:
  struct Partial {
    CompleteRequest request;
    ChunkDecoder chunks;
  };

  Step feedHead(std::string_view bytes, const HeadLimits& limits);
  Step feedBody(std::string_view bytes, const HeadLimits& limits);

  HeadScanner scanner_;
  std::string input_;                 ///< of a head that is not complete
  std::unique_ptr<Partial> partial_;  ///< a head that is complete, and its body so far
};

}  // namespace testarena::http
