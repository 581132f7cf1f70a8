// SPDX-License-Identifier: Apache-2.0
// What the connection loop knows about one connection.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>

#include "descriptor.h"
#include "ip_address.h"
#include "pending_request.h"
#include "request_reader.h"

namespace testarena::http {

using Clock = std::chrono::steady_clock;

/// Small while idle: 10,000 of them are 10,000 tabs that somebody left open.
struct Connection {
  /// Which list of the table it is in.
  enum class State : std::uint8_t {
    fresh,      ///< nothing has come yet
    idle,       ///< between two requests
    reading,    ///< a request has begun
    busy,       ///< a worker has the request
    writing,    ///< the answer goes out as fast as the client takes it
    lingering,  ///< our side is closed; what still comes is thrown away
    gone,       ///< closed; forgotten at the end of the round
  };
  static constexpr std::size_t kStates = 7;

  /// Whose turn it is while it is busy. A worker that is done parks the connection with one exchange of this: no lock,
  /// no system call, no switch to the loop's thread.
  enum class Turn : std::uint8_t {
    loop,
    worker,
    worker_then_loop,  ///< something has come on the socket in the meantime: hand it back
    parked,            ///< the loop takes it when something comes, or at its next round
  };

  Descriptor socket;
  IpAddress peer;
  State state = State::fresh;
  std::atomic<Turn> turn{Turn::loop};
  bool peer_finished = false;  ///< the other end will send nothing more
  Clock::time_point since;     ///< when it came into its state; when reading a body: when the head was complete
  RequestReader reader;
  std::unique_ptr<Unsent> unsent;  ///< while writing

  std::list<Connection>::iterator self;
  std::list<Connection*>::iterator among_address;  ///< while reading
};

}  // namespace testarena::http
