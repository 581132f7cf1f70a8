// SPDX-License-Identifier: Apache-2.0
#include "git_command.h"

#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <testarena/error.h>
#include <testarena/utf8.h>

namespace testarena::git {
namespace {

/// The way out of a closed network, for repositories with a URL.
constexpr std::array kPassedOn = {"https_proxy", "HTTPS_PROXY",  "no_proxy",      "NO_PROXY",      "all_proxy",
                                  "ALL_PROXY",   "SSL_CERT_DIR", "SSL_CERT_FILE", "GIT_SSL_CAINFO"};

/// What a repository's own configuration must not decide. A repository on disk belongs to somebody, and each of these
/// would run a program of theirs as the server's account.
std::map<std::string, std::string> withDefaults(std::map<std::string, std::string> config) {
  const std::map<std::string, std::string> defaults = {
      {"advice.detachedHead", "false"},   {"core.attributesFile", "/dev/null"},
      {"core.excludesFile", "/dev/null"}, {"core.fsmonitor", "false"},
      {"core.hooksPath", "/dev/null"},    {"gc.auto", "0"},
      {"maintenance.auto", "false"},      {"protocol.version", "2"},
      {"submodule.recurse", "false"},     {"fetch.recurseSubmodules", "false"}};
  config.insert(defaults.begin(), defaults.end());
  return config;
}

std::vector<std::string> environmentFor(const GitSetting& setting) {
  std::vector<std::string> environment = {
      "PATH=/usr/local/bin:/usr/bin:/bin",
      "HOME=/nonexistent",  // no .gitconfig, no .netrc, no .config/git/attributes
      "LC_ALL=C.UTF-8",     // messages in English, names as they are
      "GIT_CONFIG_NOSYSTEM=1",
      "GIT_CONFIG_GLOBAL=/dev/null",
      "GIT_ATTR_NOSYSTEM=1",
      "GIT_TERMINAL_PROMPT=0",
      "GIT_NO_REPLACE_OBJECTS=1",  // a commit is what its name says
      "GIT_NO_LAZY_FETCH=1",
      "GIT_OPTIONAL_LOCKS=0",
      "GIT_LITERAL_PATHSPECS=1",
      "GIT_ALLOW_PROTOCOL=" + setting.protocol,
  };
  if (!setting.protocol.empty()) {
    if (!setting.ssh_command.empty()) environment.push_back("GIT_SSH_COMMAND=" + setting.ssh_command);
    for (const char* name : kPassedOn) {
      if (const char* value = std::getenv(name)) environment.push_back(std::string(name) + "=" + value);
    }
  }
  std::size_t count = 0;
  for (const auto& [key, value] : withDefaults(setting.config)) {
    const std::string number = std::to_string(count++);
    environment.push_back("GIT_CONFIG_KEY_" + number + "=" + key);
    environment.push_back("GIT_CONFIG_VALUE_" + number + "=" + value);
  }
  environment.push_back("GIT_CONFIG_COUNT=" + std::to_string(count));
  return environment;
}

/// git's complaint in one line. All of it: over ssh the cause stands before what git calls fatal.
std::string oneLine(std::string_view text) {
  constexpr std::size_t kLongest = 400;
  std::string line;
  for (const char c : cleanUtf8(text.substr(0, kLongest))) {
    if (c == '\n') {
      line += "; ";
    } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) {
      line += c;
    }
  }
  while (!line.empty() && (line.back() == ' ' || line.back() == ';')) line.pop_back();
  return line;
}

}  // namespace

GitCommand::GitCommand(GitSetting setting) : setting_(std::move(setting)), environment_(environmentFor(setting_)) {}

process::Finished GitCommand::run(const std::vector<std::string>& arguments, const Call& call,
                                  std::size_t max_output) const {
  process::Program program;
  program.argv.push_back(setting_.program);
  program.argv.insert(program.argv.end(), arguments.begin(), arguments.end());
  program.environment = environment_;
  program.folder = "/";
  program.max_output = max_output;
  process::Finished finished = process::run(program, call);
  const std::string where = setting_.shown + ": " + finished.reason;
  switch (finished.ending) {
    case process::Ending::exited:
      return finished;
    case process::Ending::deadline:
      throw DeadlineExceeded(where);
    case process::Ending::cancelled:
      throw Cancelled(where);
    case process::Ending::too_much_output:
      throw Exhausted(where);
    case process::Ending::not_started:
    case process::Ending::signalled:
      break;
  }
  throw Unavailable(where);
}

std::string GitCommand::output(const std::vector<std::string>& arguments, const Call& call) const {
  process::Finished finished = run(arguments, call);
  if (!finished.succeeded()) fail(finished);
  return std::move(finished.output);
}

void GitCommand::fail(const process::Finished& finished) const {
  const std::string complaint = oneLine(finished.error_output);
  throw Unavailable("the repository " + setting_.shown +
                    " cannot be read: " + (complaint.empty() ? finished.reason : complaint));
}

std::string shellQuoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace testarena::git
