// SPDX-License-Identifier: Apache-2.0
#include "connection_table.h"

namespace testarena::http {

using State = Connection::State;

Connection& ConnectionTable::add(Descriptor socket, const IpAddress& peer, Clock::time_point now) {
  std::list<Connection>& all = list(State::fresh);
  Connection& connection = all.emplace_back();
  connection.self = std::prev(all.end());
  connection.socket = std::move(socket);
  connection.peer = peer;
  connection.since = now;
  counters_.connections_open.fetch_add(1, std::memory_order_relaxed);
  return connection;
}

void ConnectionTable::move(Connection& connection, State state, Clock::time_point now) {
  if (connection.state == State::gone) return;
  if (connection.state == State::reading && state != State::reading) {
    auto same_address = reading_.find(connection.peer);
    same_address->second.erase(connection.among_address);
    if (same_address->second.empty()) reading_.erase(same_address);
    counters_.connections_incomplete.fetch_sub(1, std::memory_order_relaxed);
  } else if (connection.state != State::reading && state == State::reading) {
    std::list<Connection*>& same_address = reading_[connection.peer];
    connection.among_address = same_address.insert(same_address.end(), &connection);
    counters_.connections_incomplete.fetch_add(1, std::memory_order_relaxed);
  }
  if (state == State::gone) {
    counters_.connections_open.fetch_sub(1, std::memory_order_relaxed);
    connection.socket.reset();
  }
  std::list<Connection>& to = list(state);
  to.splice(to.end(), list(connection.state), connection.self);
  connection.state = state;
  connection.since = now;
}

Connection* ConnectionTable::oldest(State state) {
  std::list<Connection>& all = list(state);
  return all.empty() ? nullptr : &all.front();
}

std::size_t ConnectionTable::readingFrom(const IpAddress& address) const {
  auto found = reading_.find(address);
  return found == reading_.end() ? 0 : found->second.size();
}

Connection* ConnectionTable::oldestReadingFrom(const IpAddress& address) {
  auto found = reading_.find(address);
  return found == reading_.end() ? nullptr : found->second.front();
}

Connection* ConnectionTable::leastMissed() {
  // A flood of connections that say nothing must not push out the tabs of those who work here.
  State first = count(State::fresh) > count(State::idle) ? State::fresh : State::idle;
  State second = first == State::fresh ? State::idle : State::fresh;
  for (State state : {State::lingering, first, second, State::reading})
    if (Connection* found = oldest(state)) return found;
  return nullptr;
}

}  // namespace testarena::http
