// SPDX-License-Identifier: Apache-2.0
// One authenticated connection. Belongs to one thread: libssh's sessions are for no more.
#pragma once

#include <string>

#include "descriptor.h"
#include "libssh_handles.h"
#include "settings.h"
#include "tcp_socket.h"

namespace testarena::ssh {

class Watchdog;

class Session {
 public:
  /// Connects, checks the host key, authenticates. Nothing of the account's or the machine's own ssh configuration has
  /// a say. Asks `giveUp` at least ten times a second (see tcp_socket.h). Throws Unavailable with what to do.
  Session(const ConnectionSettings& settings, const GiveUp& giveUp);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  ssh_session handle() const { return session_.get(); }

  /// False once the connection has been lost or ended.
  bool isUp() const;

  /// The library's last word.
  std::string lastError() const;

  /// Waits until something has come, until `wake` can be read, or until the limit is over, and takes in what has come.
  void waitAndReceive(int wake, std::chrono::milliseconds limit);

  /// Says something that needs no answer, so that a connection that is dead shows.
  void sendSignOfLife();

 private:
  template <class Step>
  int repeat(Step step, int again);
  void exchangeKeys();
  void checkHost();
  void authenticate(Watchdog& watchdog);
  bool tryKeyFile(std::string& refusals);
  bool tryAgent(std::string& refusals, Watchdog& watchdog);
  std::string methods() const;

  const ConnectionSettings& settings_;  // outlives us
  const GiveUp giveUp_;
  process::Descriptor agent_;  // before the session: the library's copy of it is closed first
  process::Descriptor socket_;
  SessionHandle session_;
  bool lost_ = false;
};

}  // namespace testarena::ssh
