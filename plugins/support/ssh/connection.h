// SPDX-License-Identifier: Apache-2.0
// Commands on another machine, over one connection that is kept.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <testarena/call.h>

#include "command.h"
#include "descriptor.h"
#include "settings.h"
#include "tcp_socket.h"

namespace testarena::ssh {

class RemoteChannel;
class Session;

/// The connection is made when it is first needed, by a thread of its own, which alone touches the SSH library. It
/// carries many commands at once (more than the server allows wait for their turn), stays open between them, and is
/// made again when it was lost: at once the first time, then after pauses that grow.
class Connection {
 public:
  /// `report` gets sentences for the administrator, from the connection's thread. Throws Invalid for settings that make
  /// no sense; connects nowhere.
  Connection(ConnectionSettings settings, std::function<void(const std::string&)> report);

  /// Commands that run are given up.
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Runs the command to its end. Never waits longer than somebody waits for the call; a command that is given up may
  /// run on over there until it notices. Throws Unavailable (no connection, or it was lost: whether the command has run
  /// is then not known), DeadlineExceeded, Cancelled, Exhausted (more output than allowed), Invalid (a line with NUL).
  ///
  /// Threads: any, any number at once.
  Finished run(const Command& command, const Call& call);

  /// "ci@lab-1": for people.
  const std::string& name() const { return name_; }

 private:
  struct Request;
  using RequestPtr = std::shared_ptr<Request>;
  struct Running;

  void loop();
  std::unique_ptr<Session> connect();
  void serve(Session& session);
  void takeRequests(Session& session, std::vector<std::unique_ptr<Running>>& running, std::size_t& most);
  bool advance(Session& session, std::vector<std::unique_ptr<Running>>& running, std::size_t& most);
  void finish(Request& request, const std::function<void(Request&)>& fill);
  void failAll(const std::string& why);
  void wake();

  const ConnectionSettings settings_;
  const std::string name_;
  const std::function<void(const std::string&)> report_;
  process::Pipe wake_;

  std::mutex mutex_;
  std::condition_variable changed_;
  // Protected by mutex_.
  std::deque<RequestPtr> queue_;
  bool isStopping_ = false;
  int failures_ = 0;               // in a row
  Clock::time_point notBefore_{};  // when the next attempt may be made
  std::string lastFailure_;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace testarena::ssh
