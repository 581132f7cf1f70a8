// SPDX-License-Identifier: Apache-2.0
#include "remote_home.h"

#include <testarena/error.h>
#include <testarena/utf8.h>

#include "remote_script.h"
#include "shell_words.h"

namespace testarena::ssh_executor {
namespace {

constexpr int kNotInstalled = 121;
constexpr std::size_t kLongestAnswer = std::size_t{64} << 20;
constexpr std::string_view kDone = "=done\n";

// Both begin with the root, made absolute: a session begins in the account's home.
constexpr const char* kRun =
    "case $1 in /*) root=$1 ;; *) root=$PWD/$1 ;; esac; script=$root/bin/supervisor-$2.sh; "
    "[ -f \"$script\" ] || exit 121; shift 2; exec sh \"$script\" \"$root\" \"$@\"";
constexpr const char* kInstall =
    "umask 077; case $1 in /*) root=$1 ;; *) root=$PWD/$1 ;; esac; script=$root/bin/supervisor-$2.sh; "
    "mkdir -p \"$root/bin\" && cat >\"$script.$$\" && "
    "if [ \"$(($(wc -c <\"$script.$$\")))\" -eq \"$3\" ]; then mv \"$script.$$\" \"$script\"; "
    "else rm -f \"$script.$$\"; exit 1; fi";

std::string firstLine(const std::string& text) {
  return cleanUtf8(text.substr(0, std::min<std::size_t>(text.find('\n'), 500)));
}

}  // namespace

void RemoteHome::install(const Call& call) {
  ssh::Command command;
  command.line =
      ssh::commandLine({"sh", "-c", kInstall, "sh", root_, std::string(kScriptDigest), std::to_string(kScript.size())});
  command.input = kScript;
  const ssh::Finished finished = connection_.run(command, call);
  if (finished.succeeded()) return;
  throw Unavailable("the folder " + root_ + " on " + connection_.name() +
                    " cannot be used: " + firstLine(finished.error_output));
}

std::string RemoteHome::run(const std::vector<std::string>& words, const std::string& input, std::size_t limit,
                            const Call& call) {
  std::vector<std::string> argv = {"sh", "-c", kRun, "sh", root_, std::string(kScriptDigest)};
  argv.insert(argv.end(), words.begin(), words.end());
  ssh::Command command;
  command.line = ssh::commandLine(argv);
  command.input = input;
  command.max_output = limit;
  ssh::Finished finished = connection_.run(command, call);
  if (finished.signal.empty() && finished.exit_code == kNotInstalled) {
    install(call);
    finished = connection_.run(command, call);
  }
  if (finished.succeeded()) return std::move(finished.output);
  throw Unavailable("the script on " + connection_.name() + " failed at `" + words.front() + "` (" +
                    (finished.signal.empty() ? "exit code " + std::to_string(finished.exit_code)
                                             : "signal " + cleanUtf8(finished.signal)) +
                    "): " + firstLine(finished.error_output));
}

std::string RemoteHome::ask(const std::vector<std::string>& words, const std::string& input, const Call& call) {
  std::string answer = run(words, input, kLongestAnswer, call);
  if (answer.size() < kDone.size() || answer.compare(answer.size() - kDone.size(), kDone.size(), kDone) != 0) {
    throw Unavailable("the answer of " + connection_.name() + " to `" + words.front() + "` was cut off");
  }
  answer.resize(answer.size() - kDone.size());
  return answer;
}

std::string RemoteHome::read(const std::vector<std::string>& words, std::size_t limit, const Call& call) {
  return run(words, {}, limit, call);
}

}  // namespace testarena::ssh_executor
