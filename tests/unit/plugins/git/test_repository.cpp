// SPDX-License-Identifier: Apache-2.0
#include "test_repository.h"

#include <chrono>
#include <stdexcept>
#include <utility>

#include <testarena/call.h>

#include "program.h"
#include "temporary_folder.h"

namespace testarena::test {

TestRepository::TestRepository(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_);
  git({"init", "--quiet", "--initial-branch=main"});
}

void TestRepository::write(const std::string& path, const std::string& text) {
  writeFile(folder_ / path, text);
}

std::string TestRepository::commit(const std::string& message) {
  git({"add", "--all"});
  git({"commit", "--quiet", "--allow-empty", "--message", message});
  ++commits_;
  return git({"rev-parse", "HEAD"});
}

void TestRepository::branch(const std::string& name) {
  git({"update-ref", "refs/heads/" + name, "HEAD"});
}
void TestRepository::switchTo(const std::string& branch) {
  git({"switch", "--quiet", branch});
}
void TestRepository::tag(const std::string& name) {
  git({"update-ref", "refs/tags/" + name, "HEAD"});
}

std::string TestRepository::git(const std::vector<std::string>& arguments) {
  constexpr int kFirst = 1767225600;
  const std::string date = std::to_string(kFirst + 60 * commits_) + " +0000";
  process::Program program;
  program.argv = {"git"};
  program.argv.insert(program.argv.end(), arguments.begin(), arguments.end());
  program.environment = {"PATH=/usr/bin:/bin",
                         "HOME=/nonexistent",
                         "GIT_CONFIG_GLOBAL=/dev/null",
                         "GIT_CONFIG_NOSYSTEM=1",
                         "GIT_AUTHOR_NAME=Ada Lovelace",
                         "GIT_AUTHOR_EMAIL=ada@example.org",
                         "GIT_COMMITTER_NAME=Charles Babbage",
                         "GIT_COMMITTER_EMAIL=charles@example.org",
                         "GIT_AUTHOR_DATE=" + date,
                         "GIT_COMMITTER_DATE=" + date};
  program.folder = folder_.string();
  const process::Finished finished = process::run(program, Call(std::chrono::minutes(1)));
  if (!finished.succeeded()) throw std::runtime_error(finished.reason + ": " + finished.error_output);
  std::string output = finished.output;
  if (!output.empty() && output.back() == '\n') output.pop_back();
  return output;
}

}  // namespace testarena::test
