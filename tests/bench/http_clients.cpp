// SPDX-License-Identifier: Apache-2.0
// http_clients: the clients that measurements need beside wrk, each as one mode of one program. All of them run on one
// thread and one epoll set, so that ten thousand of them cost the machine little.
//
//   hold ADDRESS COUNT TEXT               opens connections, sends TEXT on each and, where it is a whole request,
//   awaits its
//                                         answer; says `ready` and holds them until its input ends
//   viewers ADDRESS COUNT PATH TOKEN      opens event streams, says `ready` when each had its snapshot; after a line of
//                                         input: microseconds from the first viewer's next bytes to the last one's
//   send-loop ADDRESS_FILE BYTES COUNT    a server for `viewers`, as bare as can be: accepts COUNT, sends a snapshot,
//   and
//                                         after a line of input BYTES bytes to each in one loop
//   latency ADDRESS PATH REQUESTS [TOKEN] one request after the other on one connection: p50 and p99 in us, and errors
//   crowd ADDRESS PATH CLIENTS SECONDS    each sends the next request when it has its answer; how many got none, the
//                                         fewest and the most answers of one client
//   events ADDRESS PATH TOKEN             one stream; prints `<nanoseconds since 1970> <name> <data>` for each event
//
// TEXT understands \r and \n. TOKEN may be empty.
#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <iterator>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int descriptor() const { return descriptor_; }

  void send(const std::string& bytes) const {
    if (::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) {
      fail("send");
    }
  }

  /// What is there, waiting for it where the socket blocks; empty at the end of the stream.
  std::string receive() const {
    char buffer[65536];
    const ssize_t size = ::recv(descriptor_, buffer, sizeof buffer, 0);
    if (size < 0) fail("receive");
    return {buffer, static_cast<std::size_t>(size)};
  }

 private:
  int descriptor_;
};

sockaddr_in parse(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  sockaddr_in result{};
  result.sin_family = AF_INET;
  if (colon == std::string::npos || ::inet_pton(AF_INET, address.substr(0, colon).c_str(), &result.sin_addr) != 1) {
    throw std::runtime_error("'" + address + "' is not an IPv4 address and a port");
  }
  result.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
  return result;
}

Socket connectTo(const std::string& address) {
  const sockaddr_in target = parse(address);
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.descriptor() < 0) fail("socket");
  if (::connect(socket.descriptor(), reinterpret_cast<const sockaddr*>(&target), sizeof target) != 0) fail("connect");
  const int yes = 1;
  ::setsockopt(socket.descriptor(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return socket;
}

std::vector<Socket> connectMany(const std::string& address, std::size_t count, const std::string& text) {
  std::vector<Socket> sockets;
  for (std::size_t i = 0; i < count; ++i) {
    sockets.push_back(connectTo(address));
    if (!text.empty()) sockets.back().send(text);
  }
  return sockets;
}

std::string request(const std::string& path, const std::string& token) {
  std::string text = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n";
  if (!token.empty()) text += "Authorization: Bearer " + token + "\r\n";
  return text + "\r\n";
}

/// Which sockets have something to read; by their place in the vector.
class Readiness {
 public:
  explicit Readiness(const std::vector<Socket>& sockets) : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_.descriptor() < 0) fail("epoll_create1");
    for (std::size_t i = 0; i < sockets.size(); ++i) {
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      if (::epoll_ctl(epoll_.descriptor(), EPOLL_CTL_ADD, sockets[i].descriptor(), &event) != 0) fail("epoll_ctl");
    }
  }

  /// Calls `visit(index)` for those that are readable within a second.
  template <class Visit>
  void wait(Visit visit) {
    epoll_event events[1024];
    const int count = ::epoll_wait(epoll_.descriptor(), events, 1024, 1000);
    for (int i = 0; i < count; ++i) visit(static_cast<std::size_t>(events[i].data.u64));
  }

 private:
  Socket epoll_;
};

void ready() {
  std::cout << "ready" << std::endl;
}

void waitForLine() {
  std::string line;
  std::getline(std::cin, line);
}

std::string unescape(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped = text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == 'r' || text[i + 1] == 'n');
    result += escaped ? (text[++i] == 'r' ? '\r' : '\n') : text[i];
  }
  return result;
}

/// One answer with a Content-Length; its status, 0 when the stream ended.
int answer(const Socket& socket) {
  std::string bytes;
  for (;;) {
    const std::string more = socket.receive();
    if (more.empty()) return 0;
    bytes += more;
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string::npos) continue;
    const std::size_t length = bytes.find("Content-Length: ");
    const std::size_t body = length < end ? static_cast<std::size_t>(std::atoll(bytes.c_str() + length + 16)) : 0;
    if (bytes.size() >= end + 4 + body) return std::atoi(bytes.c_str() + 9);
  }
}

void hold(const std::string& address, std::size_t count, const std::string& text) {
  const std::string bytes = unescape(text);
  const bool isWhole = bytes.size() > 4 && bytes.compare(bytes.size() - 4, 4, "\r\n\r\n") == 0;
  std::vector<Socket> sockets;
  while (sockets.size() < count) {
    sockets.push_back(connectTo(address));
    sockets.back().send(bytes);
    if (isWhole && answer(sockets.back()) != 200) throw std::runtime_error("an answer other than 200");
  }
  ready();
  waitForLine();
}

/// Reads until as many streams have had their snapshot as there are; new ones are opened a few at a time, as a server
/// may turn away a crowd that comes in one instant.
std::vector<Socket> openStreams(const std::string& address, std::size_t count, const std::string& text) {
  constexpr std::size_t kAtOnce = 16;
  std::vector<Socket> all;
  while (all.size() < count) {
    std::vector<Socket> some = connectMany(address, std::min(kAtOnce, count - all.size()), text);
    Readiness readiness(some);
    std::vector<std::string> seen(some.size());
    std::size_t begun = 0;
    while (begun < some.size()) {
      readiness.wait([&](std::size_t i) {
        const std::string bytes = some[i].receive();
        if (bytes.empty()) throw std::runtime_error("a stream ended early: " + seen[i]);
        const bool before = seen[i].find("event: snapshot") != std::string::npos;
        seen[i] += bytes;
        if (!before && seen[i].find("event: snapshot") != std::string::npos) ++begun;
      });
    }
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  return all;
}

void viewers(const std::string& address, std::size_t count, const std::string& path, const std::string& token) {
  const std::vector<Socket> sockets = openStreams(address, count, request(path, token));
  Readiness readiness(sockets);
  ready();
  waitForLine();
  std::vector<bool> told(count, false);
  std::size_t reached = 0;
  Clock::time_point first;
  while (reached < count) {
    readiness.wait([&](std::size_t i) {
      const std::string bytes = sockets[i].receive();
      if (bytes.empty()) throw std::runtime_error("a stream ended before the event");
      if (told[i] || bytes.find("event:") == std::string::npos) return;  // a sign of life is no event
      told[i] = true;
      if (reached++ == 0) first = Clock::now();
    });
  }
  std::cout << std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - first).count() << std::endl;
}

void sendLoop(const std::string& file, std::size_t bytes, std::size_t count) {
  Socket listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = parse("127.0.0.1:0");
  socklen_t size = sizeof address;
  if (::bind(listener.descriptor(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener.descriptor(), 4096) != 0 ||
      ::getsockname(listener.descriptor(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    fail("listen");
  }
  std::ofstream(file) << "127.0.0.1:" << ntohs(address.sin_port) << std::endl;
  std::vector<Socket> sockets;
  while (sockets.size() < count) {
    sockets.emplace_back(::accept4(listener.descriptor(), nullptr, nullptr, SOCK_CLOEXEC));
    if (sockets.back().descriptor() < 0) fail("accept");
    sockets.back().send("event: snapshot\n\n");
  }
  ready();
  waitForLine();
  std::string event = "event: job\ndata: ";
  event.resize(std::max(event.size(), bytes) - 2, 'x');
  event += "\n\n";
  for (const Socket& socket : sockets) socket.send(event);
  waitForLine();
}

void latency(const std::string& address, const std::string& path, int requests, const std::string& token) {
  const std::string text = request(path, token);
  std::vector<double> each;
  int errors = 0;
  Socket socket = connectTo(address);
  for (int i = 0; i < requests; ++i) {
    const Clock::time_point begin = Clock::now();
    try {
      socket.send(text);
      const int status = answer(socket);
      errors += status != 200;
      if (status == 0) socket = connectTo(address);
    } catch (const std::system_error&) {
      ++errors;
      socket = connectTo(address);
    }
    each.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
  }
  std::sort(each.begin(), each.end());
  std::printf("%.0f %.0f %d\n", each[each.size() / 2], each[each.size() * 99 / 100], errors);
}

void crowd(const std::string& address, const std::string& path, std::size_t clients, int seconds) {
  const std::string text = request(path, "");
  const std::vector<Socket> sockets = connectMany(address, clients, text);
  Readiness readiness(sockets);
  std::vector<int> answers(clients, 0);
  const Clock::time_point until = Clock::now() + std::chrono::seconds(seconds);
  while (Clock::now() < until) {
    readiness.wait([&](std::size_t i) {
      if (answer(sockets[i]) != 200) throw std::runtime_error("an answer other than 200");
      ++answers[i];
      sockets[i].send(text);
    });
  }
  const auto [fewest, most] = std::minmax_element(answers.begin(), answers.end());
  std::cout << std::count(answers.begin(), answers.end(), 0) << " " << *fewest << " " << *most << std::endl;
}

void events(const std::string& address, const std::string& path, const std::string& token) {
  const Socket socket = connectTo(address);
  socket.send(request(path, token));
  std::string bytes;
  for (;;) {
    const std::string more = socket.receive();
    if (more.empty()) return;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    bytes += more;
    for (std::size_t end = bytes.find("\n\n"); end != std::string::npos; end = bytes.find("\n\n")) {
      const std::string block = bytes.substr(0, end);
      bytes.erase(0, end + 2);
      const std::size_t name = block.find("event: ");
      const std::size_t data = block.find("data: ");
      if (name == std::string::npos || data == std::string::npos) continue;
      std::cout << std::chrono::duration_cast<std::chrono::nanoseconds>(now).count() << " "
                << block.substr(name + 7, block.find('\n', name) - name - 7) << " "
                << block.substr(data + 6, block.find('\n', data) - data - 6) << std::endl;
    }
  }
}

void raiseOpenFiles() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int run(const std::vector<std::string>& words) {
  const auto word = [&](std::size_t i) { return i < words.size() ? words[i] : std::string(); };
  const auto number = [&](std::size_t i) { return static_cast<std::size_t>(std::atoll(word(i).c_str())); };
  const std::string mode = word(0);
  if (mode == "hold" && words.size() >= 3) {
    hold(word(1), number(2), word(3));
  } else if (mode == "viewers" && words.size() >= 4) {
    viewers(word(1), number(2), word(3), word(4));
  } else if (mode == "send-loop" && words.size() == 4) {
    sendLoop(word(1), number(2), number(3));
  } else if (mode == "latency" && words.size() >= 4) {
    latency(word(1), word(2), static_cast<int>(number(3)), word(4));
  } else if (mode == "crowd" && words.size() == 5) {
    crowd(word(1), word(2), number(3), static_cast<int>(number(4)));
  } else if (mode == "events" && words.size() >= 3) {
    events(word(1), word(2), word(3));
  } else {
    std::cerr << "usage: see the head of tests/bench/http_clients.cpp\n";
    return 2;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  raiseOpenFiles();
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "http_clients: " << error.what() << "\n";
    return 1;
  }
}
