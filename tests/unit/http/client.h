// SPDX-License-Identifier: Apache-2.0
// A plain socket client that sends exactly the bytes a test wants.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace testarena::http::test {

/// One answer, cut out of what came.
struct ReceivedAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case; repeated ones joined by '\n'
  std::string body;
  std::string head;  ///< as it came
};

/// Closes when it goes away. Waits at most `patience` for anything.
class Client {
 public:
  static constexpr std::chrono::milliseconds kPatience{20'000};

  /// `receive_buffer` is for slow readers: how much the kernel takes for us.
  explicit Client(std::uint16_t port, int receive_buffer = 0);
  ~Client();
  Client(Client&& other) noexcept;
  Client& operator=(Client&& other) noexcept;

  /// Sends all, or as much as the other end takes; false when it closed.
  bool send(std::string_view bytes);
  void finishSending();

  /// The next answer; nothing when the connection ended before a whole one came. `to_head`: it answers HEAD and has no
  /// body.
  std::optional<ReceivedAnswer> answer(bool to_head = false);
  /// Everything until the other end closes.
  std::string untilClosed(std::chrono::milliseconds patience = kPatience);
  /// True when the other end has closed (waits for it).
  bool closed(std::chrono::milliseconds patience = kPatience);
  /// Waits until what has come contains `text`; what has come stays.
  bool waitFor(std::string_view text, std::chrono::milliseconds patience = kPatience);
  const std::string& received() const { return received_; }
  void forget() { received_.clear(); }
  bool isOpen() const { return socket_ >= 0; }
  int descriptor() const { return socket_; }

 private:
  bool receiveMore(std::chrono::steady_clock::time_point until);

  int socket_ = -1;
  std::string received_;
};

/// Sends one request on a connection of its own and gives the answer.
ReceivedAnswer ask(std::uint16_t port, std::string_view request);
ReceivedAnswer get(std::uint16_t port, std::string_view target, std::string_view fields = {});

/// Waits until a condition holds; false when it did not in time.
template <typename Condition>
bool eventually(Condition condition, std::chrono::milliseconds patience = Client::kPatience);

void pauseShortly();

template <typename Condition>
bool eventually(Condition condition, std::chrono::milliseconds patience) {
  auto until = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    pauseShortly();
  }
  return true;
}

}  // namespace testarena::http::test
