// SPDX-License-Identifier: Apache-2.0
#include "remote_channel.h"

#include <algorithm>
#include <array>

namespace testarena::ssh {
namespace {

constexpr std::size_t kPiece = 32 * 1024;
constexpr int kMostPieces = 64;  // of one channel before the others have their turn

}  // namespace

RemoteChannel::RemoteChannel(Session& session, const Command& command)
    : session_(session), command_(command), channel_(ssh_channel_new(session.handle())) {
  callbacks_.userdata = this;
  callbacks_.channel_exit_status_function = &RemoteChannel::onStatus;
  callbacks_.channel_exit_signal_function = &RemoteChannel::onSignal;
  ssh_callbacks_init(&callbacks_);
  if (channel_) ssh_set_channel_callbacks(channel_.get(), &callbacks_);
}

RemoteChannel::~RemoteChannel() {
  // The library keeps a channel until the other side has closed it, longer than we keep what it would call back.
  if (channel_) ssh_remove_channel_callbacks(channel_.get(), &callbacks_);
}

void RemoteChannel::onStatus(ssh_session, ssh_channel, int status, void* self) {
  static_cast<RemoteChannel*>(self)->status_ = status;
}

void RemoteChannel::onSignal(ssh_session, ssh_channel, const char* signal, int, const char*, const char*, void* self) {
  static_cast<RemoteChannel*>(self)->finished_.signal = signal == nullptr ? "unknown" : signal;
}

RemoteChannel::Step RemoteChannel::fail(const std::string& what) {
  trouble_ = session_.isUp() ? what : what + ": " + session_.lastError();
  return Step::failed;
}

RemoteChannel::Step RemoteChannel::step() {
  if (!channel_) return fail("no channel");
  if (stage_ == Stage::opening) {
    const int answer = ssh_channel_open_session(channel_.get());
    if (answer == SSH_AGAIN) return Step::going_on;
    if (answer != SSH_OK) return session_.isUp() ? Step::refused : fail("no channel");
    stage_ = Stage::requesting;
  }
  if (stage_ == Stage::requesting) {
    const int answer = ssh_channel_request_exec(channel_.get(), command_.line.c_str());
    if (answer == SSH_AGAIN) return Step::going_on;
    if (answer != SSH_OK) return fail("the command was not taken");
    stage_ = Stage::running;
  }
  return run();
}

RemoteChannel::Step RemoteChannel::run() {
  if (!send()) return fail("its input was not taken");
  bool over = false;
  bool more = true;
  for (int i = 0; i < kMostPieces && more && !over; ++i) {
    // Both are read whatever is wanted of them: one that is left unread stops the other.
    bool ignored = false;
    more = receive(false, finished_.output, command_.max_output, over);
    more = receive(true, finished_.error_output, command_.max_error_output, ignored) || more;
  }
  if (over) return Step::too_much;
  if (more) return Step::going_on;
  if (!session_.isUp()) return fail("the connection was lost");
  if (ssh_channel_is_closed(channel_.get()) == 0) return Step::going_on;
  if (!status_ && finished_.signal.empty()) return fail("it ended without saying how");
  finished_.exit_code = status_.value_or(-1);
  return Step::ended;
}

/// As much of the input as may be sent now; false if that is no longer possible.
bool RemoteChannel::send() {
  if (isInputEnded_) return true;
  while (sent_ < command_.input.size()) {
    // What the socket does not take would pile up in the library.
    if ((ssh_get_poll_flags(session_.handle()) & SSH_WRITE_PENDING) != 0) return true;
    if (ssh_channel_is_closed(channel_.get()) != 0) return true;  // it has ended and wants no more
    const std::size_t window = ssh_channel_window_size(channel_.get());
    if (window == 0) return true;
    const std::size_t size = std::min({kPiece, window, command_.input.size() - sent_});
    const int written = ssh_channel_write(channel_.get(), command_.input.data() + sent_, static_cast<uint32_t>(size));
    if (written == SSH_ERROR) return ssh_channel_is_closed(channel_.get()) != 0;
    if (written <= 0) return true;
    sent_ += static_cast<std::size_t>(written);
  }
  isInputEnded_ = true;
  return ssh_channel_send_eof(channel_.get()) == SSH_OK || ssh_channel_is_closed(channel_.get()) != 0;
}

/// True if there may be more at once.
bool RemoteChannel::receive(bool isError, std::string& into, std::size_t limit, bool& over) {
  std::array<char, kPiece> piece;
  const int count = ssh_channel_read_nonblocking(channel_.get(), piece.data(), piece.size(), isError ? 1 : 0);
  if (count <= 0) return false;
  const auto size = static_cast<std::size_t>(count);
  const std::size_t room = limit - std::min(limit, into.size());
  into.append(piece.data(), std::min(size, room));
  over = over || size > room;
  return true;
}

}  // namespace testarena::ssh
