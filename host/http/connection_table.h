// SPDX-License-Identifier: Apache-2.0
// All connections of a front, by what they are doing.
#pragma once

#include <array>
#include <cstddef>
#include <list>
#include <unordered_map>

#include "connection.h"
#include "counters.h"

namespace testarena::http {

/// Lists of connections, one per state, oldest first. Used by the loop's thread only.
class ConnectionTable {
 public:
  explicit ConnectionTable(Counters& counters) : counters_(counters) {}

  Connection& add(Descriptor socket, const IpAddress& peer, Clock::time_point now);
  /// Puts it at the end of another list. A connection that is gone stays gone; its descriptor is closed unless it was
  /// released before.
  void move(Connection& connection, Connection::State state, Clock::time_point now);
  /// Forgets those that are gone: events of this round may still have named them.
  void sweep() { list(Connection::State::gone).clear(); }

  std::size_t count(Connection::State state) const { return lists_[static_cast<std::size_t>(state)].size(); }
  /// The one that has been in this state longest; null if there is none.
  Connection* oldest(Connection::State state);
  /// How many connections of this address have begun a request that is not complete, and the oldest of them.
  std::size_t readingFrom(const IpAddress& address) const;
  Connection* oldestReadingFrom(const IpAddress& address);
  /// The one to close when there is no room: it is not in the middle of anything if that can be helped. Null if all are
  /// busy.
  Connection* leastMissed();

  /// Calls `each` for all in a state; it may move the one it is called for.
  template <typename Each>
  void forEach(Connection::State state, Each each) {
    std::list<Connection>& all = list(state);
    for (auto at = all.begin(); at != all.end();) each(*at++);
  }

 private:
  std::list<Connection>& list(Connection::State state) { return lists_[static_cast<std::size_t>(state)]; }

  Counters& counters_;
  std::array<std::list<Connection>, Connection::kStates> lists_;
  std::unordered_map<IpAddress, std::list<Connection*>, IpAddressHash> reading_;  ///< never holds an empty list
};

}  // namespace testarena::http
