// SPDX-License-Identifier: Apache-2.0
#include "http_client.h"

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "json_reader.h"

namespace testarena::integration {
namespace {

constexpr int kPatience = 60'000;  // milliseconds; a bound for broken servers, not a measurement

int connectTo(const std::string& address) {
  const auto colon = address.rfind(':');
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(colon + 1))));
  ::inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr);
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0 || ::connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
    if (socket >= 0) ::close(socket);
    throw std::runtime_error("cannot connect to " + address);
  }
  return socket;
}

void sendAll(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the server refused before it had read all: its answer says why
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

/// Appends what comes next; false at the end or when nothing comes in time.
bool receiveSome(int socket, std::string& to, int limit) {
  pollfd waiting{socket, POLLIN, 0};
  if (::poll(&waiting, 1, limit) <= 0) return false;
  char buffer[16384];
  const ssize_t got = ::recv(socket, buffer, sizeof buffer, 0);
  if (got <= 0) return false;
  to.append(buffer, static_cast<size_t>(got));
  return true;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

Answer parse(const std::string& bytes) {
  Answer answer;
  const auto head = bytes.find("\r\n\r\n");
  if (head == std::string::npos || bytes.size() < 12) return answer;
  answer.status = std::stoi(bytes.substr(9, 3));
  size_t at = bytes.find("\r\n") + 2;
  while (at < head + 2) {
    const auto end = bytes.find("\r\n", at);
    const auto line = bytes.substr(at, end - at);
    const auto colon = line.find(':');
    answer.headers.emplace(lower(line.substr(0, colon)), line.substr(line.find_first_not_of(' ', colon + 1)));
    at = end + 2;
  }
  answer.body = bytes.substr(head + 4);
  return answer;
}

}  // namespace

std::string Answer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

Value Answer::json() const {
  try {
    return parseJson(body, {64 << 20, 64});
  } catch (const std::exception& error) {
    ADD_FAILURE() << "not JSON: " << error.what() << "\n" << body.substr(0, 500);
    return Value{Value::Table()};
  }
}

std::string HttpClient::exchange(std::string_view bytes) const {
  const int socket = connectTo(address_);
  sendAll(socket, bytes);
  std::string received;
  while (receiveSome(socket, received, kPatience)) {
  }
  ::close(socket);
  return received;
}

Answer HttpClient::send(std::string_view method, std::string_view target, const Headers& headers,
                        std::string_view body) const {
  std::string request = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
  const bool hasHost = std::any_of(headers.begin(), headers.end(), [](const auto& h) { return h.first == "Host"; });
  if (!hasHost) request += "Host: " + address_ + "\r\n";
  request += "Connection: close\r\n";
  for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
  if (!body.empty() || method == "POST") request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  request += "\r\n";
  request += body;
  return parse(exchange(request));
}

EventStream::EventStream(const std::string& address, const std::string& target, const Headers& headers)
    : socket_(connectTo(address)) {
  std::string request = "GET " + target + " HTTP/1.1\r\nHost: " + address + "\r\n";
  for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
  sendAll(socket_, request + "\r\n");
  while (buffer_.find("\r\n\r\n") == std::string::npos) {
    if (!receive(std::chrono::milliseconds(kPatience))) throw std::runtime_error("no answer to " + target);
  }
  if (buffer_.compare(0, 12, "HTTP/1.1 200") != 0) throw std::runtime_error("refused: " + buffer_);
  buffer_.erase(0, buffer_.find("\r\n\r\n") + 4);
}

EventStream::~EventStream() {
  ::close(socket_);
}

bool EventStream::receive(std::chrono::milliseconds limit) {
  if (receiveSome(socket_, buffer_, static_cast<int>(limit.count()))) return true;
  ended_ = true;
  return false;
}

EventStream::Event EventStream::next(std::chrono::milliseconds limit) {
  while (true) {
    const auto end = buffer_.find("\n\n");
    if (end == std::string::npos) {
      if (!receive(limit)) return {};
      continue;
    }
    const auto block = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    Event event;
    for (size_t at = 0; at < block.size();) {
      const auto lineEnd = std::min(block.find('\n', at), block.size());
      const auto line = block.substr(at, lineEnd - at);
      if (line.compare(0, 4, "id: ") == 0) event.id = line.substr(4);
      if (line.compare(0, 7, "event: ") == 0) event.name = line.substr(7);
      if (line.compare(0, 6, "data: ") == 0) event.data += line.substr(6);
      at = lineEnd + 1;
    }
    if (!event.name.empty()) return event;
  }
}

bool EventStream::ends(std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!ended_ && std::chrono::steady_clock::now() < until) {
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, 100) <= 0) continue;
    receive(std::chrono::milliseconds(0));
  }
  return ended_;
}

}  // namespace testarena::integration
