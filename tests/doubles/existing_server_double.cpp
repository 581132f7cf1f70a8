// SPDX-License-Identifier: Apache-2.0
#include "existing_server_double.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace testarena::test {
namespace {

constexpr int kPatience = 60'000;  // milliseconds; only a failure waits that long

}  // namespace

ExistingServer::ExistingServer(std::filesystem::path folder, std::vector<std::string> options)
    : folder_(std::move(folder)), options_(std::move(options)) {
  std::filesystem::create_directories(folder_);
  start("0");
}

ExistingServer::~ExistingServer() {
  stop();
}

void ExistingServer::start(const std::string& port) {
  std::vector<std::string> words = {
      "python3", TESTARENA_EXISTING_SERVER,    "--record", (folder_ / "requests").string(),
      "--files", (folder_ / "files").string(), "--port",   port};
  words.insert(words.end(), options_.begin(), options_.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  int in[2], out[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const process::Descriptor childIn(in[0]), childOut(out[1]);
  in_ = process::Descriptor(in[1]);
  out_ = process::Descriptor(out[0]);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  ::posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  const int error = ::posix_spawnp(&process_, "python3", &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("python3 cannot be started");
  unread_.clear();
  port_ = readLine();
}

void ExistingServer::stop() {
  if (process_ <= 0) return;
  in_ = {};  // it ends with its input
  for (int i = 0; i < 300 && ::waitpid(process_, nullptr, WNOHANG) == 0; ++i) {
    ::usleep(10'000);
    if (i == 299) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
    }
  }
  process_ = -1;
  out_ = {};
}

void ExistingServer::restart() {
  stop();
  start(port_);
}

std::string ExistingServer::readLine() {
  for (;;) {
    if (const std::size_t end = unread_.find('\n'); end != std::string::npos) {
      const std::string line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return line;
    }
    pollfd wanted{out_.get(), POLLIN, 0};
    char buffer[1000];
    const bool isReady = ::poll(&wanted, 1, kPatience) > 0;
    const ssize_t got = isReady ? ::read(out_.get(), buffer, sizeof buffer) : 0;
    if (got <= 0) throw std::runtime_error("existing_server.py has ended or does not answer");
    unread_.append(buffer, static_cast<std::size_t>(got));
  }
}

std::string ExistingServer::order(const std::string& line) {
  const std::string text = line + "\n";
  if (::write(in_.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("existing_server.py has ended");
  }
  return readLine();
}

std::vector<json::Value> ExistingServer::requests() const {
  std::vector<json::Value> requests;
  std::ifstream in(folder_ / "requests");
  for (std::string line; std::getline(in, line);) requests.push_back(json::parse(line));
  return requests;
}

std::vector<std::string> ExistingServer::lines() const {
  std::vector<std::string> lines;
  for (const json::Value& request : requests())
    lines.push_back(*request.word("method") + " " + *request.word("target"));
  return lines;
}

int ExistingServer::count(const std::string& line) const {
  const auto all = lines();
  return static_cast<int>(std::count(all.begin(), all.end(), line));
}

std::vector<std::string> ExistingServer::refused() const {
  std::vector<std::string> refused;
  for (const json::Value& request : requests()) {
    if (const auto why = request.word("refused")) {
      refused.push_back(*request.word("method") + " " + *request.word("target") + ": " + *why);
    }
  }
  return refused;
}

}  // namespace testarena::test
