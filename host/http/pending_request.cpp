// SPDX-License-Identifier: Apache-2.0
#include "pending_request.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <sys/uio.h>

#include <testarena/error.h>

namespace testarena::http {
namespace {

/// Large enough to keep a fast client busy while the next one is made, small enough for a thousand slow ones.
constexpr std::size_t kPiece = 256 * 1024;

}  // namespace

void Unsent::makeNext() {
  const std::uint64_t left = answer.source->size - produced;
  const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left, kPiece));
  std::string piece = answer.source->read(produced, most);
  if (piece.empty() || piece.size() > most) {
    throw Unavailable("the body of an answer could not be made whole: " + std::to_string(produced) + " of " +
                      std::to_string(answer.source->size) + " bytes");
  }
  produced += piece.size();
  // The head goes out with the first piece.
  if (sent > 0) answer.head.clear();
  answer.body = std::make_shared<const std::string>(std::move(piece));
  sent = 0;
}

bool sendMore(int descriptor, Unsent& unsent, std::size_t most) {
  const Answer& answer = unsent.answer;
  while (!unsent.done() && most > 0) {
    std::array<iovec, 2> parts{};
    std::size_t count = 0;
    std::size_t skip = unsent.sent;
    std::size_t room = most;
    auto add = [&](const std::string& text) {
      std::size_t size = std::min(room, text.size() - std::min(skip, text.size()));
      if (size > 0) parts.at(count++) = {const_cast<char*>(text.data()) + skip, size};
      skip -= std::min(skip, text.size());
      room -= size;
    };
    add(answer.head);
    if (answer.body) add(*answer.body);
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    ssize_t sent = ::sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    unsent.sent += static_cast<std::size_t>(sent);
    most -= std::min(most, static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace testarena::http
