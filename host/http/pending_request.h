// SPDX-License-Identifier: Apache-2.0
// What goes from the connection loop to a worker, and back.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "answer.h"
#include "ip_address.h"
#include "request_reader.h"

namespace testarena::http {

struct Connection;

struct Unsent;

/// A complete request on its way to a worker; or an answer of which the next piece is to be made.
struct PendingRequest {
  Connection* connection = nullptr;
  int descriptor = -1;
  IpAddress peer;
  std::unique_ptr<CompleteRequest> request;
  std::unique_ptr<Unsent> unfinished;  ///< null for a request
  bool hand_back = false;              ///< the loop has more to do with the connection: it must not be parked
  std::chrono::steady_clock::time_point complete;
};

/// An answer that the kernel has not taken all of: what of it is in memory, and what is still to be made.
struct Unsent {
  Answer answer;
  std::size_t sent = 0;        ///< of head and body together
  std::uint64_t produced = 0;  ///< how much of a body that has a source has been made
  std::size_t mark = 0;        ///< `sent` when progress was last looked at
  std::chrono::steady_clock::time_point marked_at;

  std::size_t size() const { return answer.head.size() + (answer.body ? answer.body->size() : 0); }
  bool done() const { return sent == size(); }
  bool hasMore() const { return answer.source && produced < answer.source->size; }

  bool isReadyForMore() const { return hasMore() && (produced == 0 || done()); }

  /// Takes the next piece in place of what was sent. On a worker's thread; throws what the source throws, and
  /// Unavailable when it gives nothing or too much.
  void makeNext();
};

/// Gives the kernel as much as it takes at once, at most about `most` bytes, head and body in one call. False: the
/// connection is lost.
bool sendMore(int descriptor, Unsent& unsent, std::size_t most);

/// What a worker did with a connection.
struct Outcome {
  enum class Next {
    keep,      ///< answered; the next request may come
    close,     ///< answered, or lost
    write,     ///< `unsent` is to be sent
    detached,  ///< the descriptor belongs to somebody else now
  };
  Connection* connection = nullptr;
  Next next = Next::keep;
  std::unique_ptr<Unsent> unsent;
};

}  // namespace testarena::http
