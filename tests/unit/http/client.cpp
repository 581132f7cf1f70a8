// SPDX-License-Identifier: Apache-2.0
#include "client.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace testarena::http::test {

using Clock = std::chrono::steady_clock;

Client::Client(std::uint16_t port, int receive_buffer) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive_buffer > 0) setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  int one = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("the test's client cannot connect");
}

Client::~Client() {
  if (socket_ >= 0) ::close(socket_);
}

Client::Client(Client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}

Client& Client::operator=(Client&& other) noexcept {
  std::swap(socket_, other.socket_);
  std::swap(received_, other.received_);
  return *this;
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Client::finishSending() {
  ::shutdown(socket_, SHUT_WR);
}

bool Client::receiveMore(Clock::time_point until) {
  auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  if (left <= 0) return false;
  pollfd wait{socket_, POLLIN, 0};
  if (::poll(&wait, 1, static_cast<int>(left)) <= 0) return false;
  std::array<char, 65536> buffer;
  ssize_t size = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (size <= 0) {
    ::close(std::exchange(socket_, -1));
    return false;
  }
  received_.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

std::optional<ReceivedAnswer> Client::answer(bool to_head) {
  Clock::time_point until = Clock::now() + kPatience;
  std::size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos)
    if (!receiveMore(until)) return std::nullopt;
  ReceivedAnswer answer;
  answer.head = received_.substr(0, end + 4);
  answer.status = std::stoi(answer.head.substr(answer.head.find(' ') + 1, 3));
  for (std::size_t line = answer.head.find("\r\n") + 2; line < end;) {
    std::size_t next = answer.head.find("\r\n", line);
    std::size_t colon = answer.head.find(':', line);
    std::string name = answer.head.substr(line, colon - line);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::string value = answer.head.substr(colon + 2, next - colon - 2);
    std::string& kept = answer.headers[name];
    kept += kept.empty() ? value : "\n" + value;
    line = next + 2;
  }
  bool no_body = to_head || answer.status == 204 || answer.status == 304 || answer.status < 200;
  std::size_t length =
      no_body ? 0 : std::stoul(answer.headers.count("content-length") ? answer.headers["content-length"] : "0");
  while (received_.size() < end + 4 + length)
    if (!receiveMore(until)) return std::nullopt;
  answer.body = received_.substr(end + 4, length);
  received_.erase(0, end + 4 + length);
  return answer;
}

std::string Client::untilClosed(std::chrono::milliseconds patience) {
  Clock::time_point until = Clock::now() + patience;
  while (socket_ >= 0 && receiveMore(until)) {
  }
  return received_;
}

bool Client::closed(std::chrono::milliseconds patience) {
  untilClosed(patience);
  return socket_ < 0;
}

bool Client::waitFor(std::string_view text, std::chrono::milliseconds patience) {
  Clock::time_point until = Clock::now() + patience;
  while (received_.find(text) == std::string::npos)
    if (socket_ < 0 || !receiveMore(until)) return false;
  return true;
}

ReceivedAnswer ask(std::uint16_t port, std::string_view request) {
  Client client(port);
  client.send(request);
  return client.answer(request.substr(0, 5) == "HEAD ").value_or(ReceivedAnswer{});
}

ReceivedAnswer get(std::uint16_t port, std::string_view target, std::string_view fields) {
  return ask(port, "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(fields) + "\r\n");
}

void pauseShortly() {
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

}  // namespace testarena::http::test
