// SPDX-License-Identifier: Apache-2.0
// One command on a session, from its begin to its end, without ever waiting.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <libssh/callbacks.h>

#include "command.h"
#include "session.h"

namespace testarena::ssh {

class RemoteChannel {
 public:
  enum class Step {
    going_on,
    ended,    ///< see `finished`
    refused,  ///< the server opens no further channel
    failed,   ///< see `trouble`
    too_much  ///< more output than was allowed
  };

  RemoteChannel(Session& session, const Command& command);
  ~RemoteChannel();
  RemoteChannel(const RemoteChannel&) = delete;
  RemoteChannel& operator=(const RemoteChannel&) = delete;

  /// Does what can be done now.
  Step step();

  /// The command, or the request for a channel, has been sent: it may run.
  bool mayHaveBegun() const { return stage_ == Stage::running || stage_ == Stage::requesting; }
  Clock::time_point since() const { return since_; }
  bool isOpening() const { return stage_ != Stage::running; }

  Finished& finished() { return finished_; }
  const std::string& trouble() const { return trouble_; }

 private:
  enum class Stage { opening, requesting, running };

  Step run();
  Step fail(const std::string& what);
  bool send();
  bool receive(bool isError, std::string& into, std::size_t limit, bool& over);
  static void onStatus(ssh_session, ssh_channel, int status, void* self);
  static void onSignal(ssh_session, ssh_channel, const char* signal, int core, const char* message,
                       const char* language, void* self);

  Session& session_;
  const Command& command_;
  ChannelHandle channel_;
  ssh_channel_callbacks_struct callbacks_{};
  Stage stage_ = Stage::opening;
  const Clock::time_point since_ = Clock::now();
  std::size_t sent_ = 0;
  bool isInputEnded_ = false;
  std::optional<int> status_;
  Finished finished_;
  std::string trouble_;
};

}  // namespace testarena::ssh
