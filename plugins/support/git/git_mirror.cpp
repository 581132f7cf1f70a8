// SPDX-License-Identifier: Apache-2.0
#include "git_mirror.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/file.h>
#include <system_error>
#include <thread>
#include <unistd.h>

#include <testarena/error.h>

#include "descriptor.h"

namespace testarena::git {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAllBranches = "+refs/heads/*:refs/heads/*";
constexpr std::string_view kAllTags = "+refs/tags/*:refs/tags/*";
constexpr std::ptrdiff_t kManyPacks = 50;  // each fetch adds one, and each costs a look in every later read

fs::path beside(const fs::path& folder, const char* ending) {
  fs::path path = folder;
  return path += ending;
}

std::string gitDir(const fs::path& folder) {
  return "--git-dir=" + folder.string();
}

}  // namespace

/// Held by the one who writes. flock() and not a file that is made and removed: the kernel lets go of it when its
/// holder is killed.
class GitMirror::Lock {
 public:
  Lock(const fs::path& path, const Call& call) {
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    file_ = process::Descriptor(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file_) throw Unavailable("the lock file " + path.string() + " cannot be opened: " + std::strerror(errno));
    while (flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) {
        throw Unavailable("the lock file " + path.string() + " cannot be locked: " + std::strerror(errno));
      }
      if (call.cancelled()) {
        throw Unavailable(
            "the copy of the repository is being fetched, which takes longer than this call may: try again "
            "in a while");
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

 private:
  process::Descriptor file_;
};

GitMirror::GitMirror(const GitCommand& git, fs::path folder)
    : git_(git), folder_(std::move(folder)), stamp_(beside(folder_, ".fetched")) {}

void GitMirror::create(const Call& call) {
  if (fs::exists(folder_)) return;
  // Under another name first: one that was killed half-way is not taken for a mirror.
  const fs::path fresh = beside(folder_, ".new");
  fs::remove_all(fresh);
  git_.output({"init", "--quiet", "--bare", "--template=", fresh.string()}, call);
  fs::rename(fresh, folder_);
}

std::vector<std::string> GitMirror::fetching(std::initializer_list<std::string> refspecs) const {
  std::vector<std::string> arguments = {
      gitDir(folder_), "fetch", "--quiet", "--no-write-fetch-head", "--no-auto-maintenance", "--no-recurse-submodules"};
  arguments.insert(arguments.end(), refspecs);
  return arguments;
}

void GitMirror::fetchBranch(const std::string& branch, const Call& call) {
  const Lock lock(beside(folder_, ".lock"), call);
  create(call);
  const std::string name = "refs/heads/" + branch;
  const process::Finished finished = git_.run(fetching({"origin", "+" + name + ":" + name}), call);
  // Where a/b has been and a comes now, only pruning makes room. And a branch that has gone is no failure.
  if (!finished.succeeded()) git_.output(fetching({"--prune", "origin", std::string(kAllBranches)}), call);
  repackIfMany(call);
}

void GitMirror::fetchAll(std::chrono::milliseconds max_age, const Call& call) {
  if (isYoungerThan(max_age)) return;
  const Lock lock(beside(folder_, ".lock"), call);
  if (isYoungerThan(max_age)) return;  // the one we waited for has done it
  create(call);
  git_.output(fetching({"--prune", "origin", std::string(kAllBranches), std::string(kAllTags)}), call);
  std::ofstream(stamp_, std::ios::trunc) << "The time of this file is that of the last full fetch.\n";
  repackIfMany(call);
}

void GitMirror::fetchCommit(const std::string& commit, const Call& call) {
  const Lock lock(beside(folder_, ".lock"), call);
  create(call);
  git_.run(fetching({"--no-tags", "origin", commit}), call);
}

bool GitMirror::isYoungerThan(std::chrono::milliseconds age) const {
  std::error_code error;
  const fs::file_time_type fetched = fs::last_write_time(stamp_, error);
  if (error) return false;
  const auto since = fs::file_time_type::clock::now() - fetched;
  return since >= since.zero() && since <= age;
}

/// Geometric: gathers small packs into one, and does not look at what is reachable, so nothing gets lost.
void GitMirror::repackIfMany(const Call& call) {
  std::error_code error;
  const auto isPack = [](const fs::directory_entry& entry) { return entry.path().extension() == ".pack"; };
  const fs::directory_iterator entries(folder_ / "objects" / "pack", error);
  if (error || std::count_if(begin(entries), end(entries), isPack) <= kManyPacks) return;
  git_.run({gitDir(folder_), "repack", "--quiet", "--geometric=2", "-d"}, call);  // a failure costs speed only
}

}  // namespace testarena::git
