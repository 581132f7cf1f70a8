// SPDX-License-Identifier: Apache-2.0
// Runs storage_child and reads what it says.
#pragma once

#include <csignal>
#include <cstdio>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace testarena::test {

class StorageChild {
 public:
  StorageChild(const std::string& what, const std::string& folder) {
    int in[2];
    int out[2];
    if (pipe(in) != 0 || pipe(out) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    for (const int end : {in[0], in[1], out[0], out[1]}) posix_spawn_file_actions_addclose(&actions, end);
    std::string program = TESTARENA_STORAGE_CHILD;
    std::string action = what;
    std::string place = folder;
    char* arguments[] = {program.data(), action.data(), place.data(), nullptr};
    const int failed = posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    input_ = in[1];
    output_ = fdopen(out[0], "r");
    if (failed != 0) throw std::runtime_error("no child: " + program);
  }
  ~StorageChild() {
    closeInput();
    if (running_) kill();
    fclose(output_);
  }
  StorageChild(const StorageChild&) = delete;
  StorageChild& operator=(const StorageChild&) = delete;

  pid_t pid() const { return pid_; }

  /// The next line it says, without the line's end; empty when it has ended.
  std::string line() {
    std::string text;
    for (int c = fgetc(output_); c != EOF; c = fgetc(output_)) {
      if (c == '\n') return text;
      text += static_cast<char>(c);
    }
    return {};
  }

  void closeInput() {
    if (input_ >= 0) close(input_);
    input_ = -1;
  }

  void kill() {
    ::kill(pid_, SIGKILL);
    wait();
  }

  int wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    running_ = false;
    return status;
  }

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  FILE* output_ = nullptr;
  bool running_ = true;
};

}  // namespace testarena::test
