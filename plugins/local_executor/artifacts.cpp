// SPDX-License-Identifier: Apache-2.0
#include "artifacts.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <memory>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <testarena/error.h>
#include <testarena/utf8.h>

#include "descriptor.h"
#include "durable.h"
#include "log_file.h"

namespace testarena::local_executor {
namespace {

using process::Descriptor;

constexpr std::size_t kMostFiles = 10'000;
constexpr int kMostLevels = 32;

/// A file below the folder, reached through no link: the kernel refuses `..` over the top, absolute names and links.
Descriptor openBeneath(int folder, const std::string& name, uint64_t flags) {
  struct open_how how = {};
  how.flags = flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  return Descriptor(static_cast<int>(syscall(SYS_openat2, folder, name.c_str(), &how, sizeof how)));
}

Descriptor openTop(const std::filesystem::path& folder) {
  return Descriptor(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

void listFolder(int folder, const std::string& prefix, int level, std::vector<Artifact>& found) {
  const int copy = fcntl(folder, F_DUPFD_CLOEXEC, 0);
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(copy < 0 ? nullptr : fdopendir(copy), closedir);
  while (const dirent* entry = entries ? readdir(entries.get()) : nullptr) {
    const std::string name = entry->d_name;
    if (name == "." || name == ".." || found.size() >= kMostFiles) continue;
    if (cleanUtf8(name) != name) continue;  // it could not be asked for
    struct stat status = {};
    if (fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISREG(status.st_mode)) found.push_back({prefix + name, status.st_size});
    if (S_ISDIR(status.st_mode) && level < kMostLevels) {
      const Descriptor child = openBeneath(folder, name, O_RDONLY | O_DIRECTORY);
      if (child) listFolder(child.get(), prefix + name + "/", level + 1, found);
    }
  }
}

}  // namespace

RunFolder folderOfEndedRun(const Job* job, const std::string& scenario, int64_t attempt) {
  if (job == nullptr) throw NotFound("there is no such job");
  const Run* run = job->find(scenario, attempt);
  if (run == nullptr) throw NotFound("job " + job->id() + " has no run of '" + scenario + "' with this attempt");
  if (!testarena::hasEnded(job->stateOf(*run))) throw WrongState("the run of '" + scenario + "' has not ended");
  return job->folder().run(run->folder);
}

Artifacts listArtifacts(const RunFolder& folder) {
  std::vector<Artifact> found;
  for (const std::filesystem::path& place : {folder.output(), folder.kept()}) {
    const Descriptor top = openTop(place);
    if (top) listFolder(top.get(), "", 0, found);
  }
  const auto isBefore = [](const Artifact& a, const Artifact& b) { return a.name < b.name; };
  const auto isSame = [](const Artifact& a, const Artifact& b) { return a.name == b.name; };
  std::stable_sort(found.begin(), found.end(), isBefore);
  found.erase(std::unique(found.begin(), found.end(), isSame), found.end());
  return Artifacts{std::move(found)};
}

LogPart readArtifact(const RunFolder& folder, const std::string& name, int64_t offset, int64_t limit) {
  if (name.find('\0') == std::string::npos) {
    for (const std::filesystem::path& place : {folder.output(), folder.kept()}) {
      const Descriptor top = openTop(place);
      const Descriptor file = top ? openBeneath(top.get(), name, O_RDONLY) : Descriptor();
      struct stat status = {};
      if (!file || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
      return readPart(file.get(), status.st_size, true, offset, limit);
    }
  }
  throw NotFound("the run has left no file of this name");
}

}  // namespace testarena::local_executor
