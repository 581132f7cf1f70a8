// SPDX-License-Identifier: Apache-2.0
#include "administration_socket.h"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

#include <testarena/json.h>

#include "json_reader.h"

namespace testarena::server {
namespace {

constexpr int kLookEvery = 200;    // milliseconds
constexpr int kPatience = 30'000;  // milliseconds
constexpr size_t kLongest = 16 * 1024;

[[noreturn]] void failed(const std::string& what, const std::filesystem::path& file) {
  throw Unavailable(what + " " + file.string() + ": " + std::strerror(errno));
}

sockaddr_un addressOf(const std::filesystem::path& file) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto& text = file.native();
  if (text.size() >= sizeof address.sun_path) {
    throw Invalid("the path of the data folder is too long for a socket in it: " + text);
  }
  std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
  return address;
}

FileDescriptor newSocket() {
  return FileDescriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

/// A line, without its end; nothing if the other side is gone or slow.
std::optional<std::string> readLine(int connection) {
  std::string line;
  pollfd waiting{connection, POLLIN, 0};
  while (line.size() < kLongest && ::poll(&waiting, 1, kPatience) > 0) {
    char buffer[4096];
    const ssize_t got = ::recv(connection, buffer, sizeof buffer, 0);
    if (got <= 0) return std::nullopt;
    line.append(buffer, static_cast<size_t>(got));
    if (line.back() == '\n') {
      line.pop_back();
      return line;
    }
  }
  return std::nullopt;
}

bool writeLine(int connection, std::string line) {
  line += '\n';
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t sent = ::send(connection, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    rest.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

}  // namespace

AdministrationSocket::AdministrationSocket(std::filesystem::path file, Administration& administration)
    : file_(std::move(file)), administration_(administration), socket_(newSocket()) {
  const auto address = addressOf(file_);
  ::unlink(file_.c_str());  // of a server that was killed; the storage's lock keeps a living one out
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (!socket_ || ::bind(socket_.get(), generic, sizeof address) != 0) failed("cannot make the socket", file_);
  if (::chmod(file_.c_str(), 0600) != 0 || ::listen(socket_.get(), 8) != 0) failed("cannot listen on", file_);
  thread_ = std::thread([this] { serve(); });
}

AdministrationSocket::~AdministrationSocket() {
  stopping_ = true;
  thread_.join();
  ::unlink(file_.c_str());
}

void AdministrationSocket::serve() {
  pollfd waiting{socket_.get(), POLLIN, 0};
  while (!stopping_) {
    if (::poll(&waiting, 1, kLookEvery) <= 0) continue;
    const FileDescriptor connection(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (connection) answer(connection.get());
  }
}

void AdministrationSocket::answer(int connection) {
  // The folder is private; this keeps out whoever was given a descriptor.
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
      (peer.uid != 0 && peer.uid != ::geteuid())) {
    log_.warning("a request of another account (uid {}) was refused", peer.uid);
    return;
  }
  const auto line = readLine(connection);
  if (!line) return;
  AdministrationAnswer result;
  try {
    const auto request = readJson<AdministrationRequest>(*line);
    result = administration_.perform(request);
    log_.info("{} {} by {}: {}", request.command, request.name, request.actor, result.ok ? "done" : result.error);
  } catch (const std::exception& error) {
    result.error = error.what();
  }
  writeLine(connection, toJson(result));
}

std::optional<AdministrationAnswer> AdministrationSocket::ask(const std::filesystem::path& file,
                                                              const AdministrationRequest& request) {
  const auto address = addressOf(file);
  const auto connection = newSocket();
  if (!connection || ::connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno == ENOENT || errno == ECONNREFUSED) return std::nullopt;
    failed("cannot reach the running server at", file);
  }
  if (!writeLine(connection.get(), toJson(request))) failed("cannot write to", file);
  const auto line = readLine(connection.get());
  if (!line) throw Unavailable("the running server gave no answer at " + file.string());
  return readJson<AdministrationAnswer>(*line);
}

}  // namespace testarena::server
