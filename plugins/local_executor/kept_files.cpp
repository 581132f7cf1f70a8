// SPDX-License-Identifier: Apache-2.0
#include "kept_files.h"

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <set>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor.h"
#include "durable.h"
#include "file_time.h"
#include "glob.h"
#include "remove_tree.h"

namespace testarena::local_executor {
namespace {

using process::Descriptor;

constexpr std::size_t kMostFiles = 10'000;
constexpr int64_t kMostBytes = int64_t{4} << 30;
constexpr int kMostLevels = 64;

/// The first folder names of a glob that stand for themselves: only below them is there anything to look for.
std::string fixedFolder(const std::string& glob) {
  const std::size_t wild = glob.find_first_of("*?");
  const std::size_t slash = glob.rfind('/', wild == std::string::npos ? glob.size() : wild);
  return slash == std::string::npos ? std::string() : glob.substr(0, slash + 1);
}

class Keeper {
 public:
  Keeper(int64_t after, std::filesystem::path target) : after_(after), target_(std::move(target)) {}

  void keep(int checkout, const std::string& glob) {
    const std::string prefix = fixedFolder(glob);
    Descriptor folder(fcntl(checkout, F_DUPFD_CLOEXEC, 0));
    for (std::size_t begin = 0; begin < prefix.size() && folder;) {
      const std::size_t end = prefix.find('/', begin);
      folder = openFolder(folder.get(), prefix.substr(begin, end - begin));
      begin = end + 1;
    }
    if (folder) walk(folder.get(), prefix, glob, 0);
  }

 private:
  static Descriptor openFolder(int parent, const std::string& name) {
    return Descriptor(openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  }

  void walk(int folder, const std::string& prefix, const std::string& glob, int level) {
    // Another offset than `folder` has, which is read once for each glob.
    const Descriptor again = openFolder(folder, ".");
    const int copy = fcntl(again.get(), F_DUPFD_CLOEXEC, 0);
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(copy < 0 ? nullptr : fdopendir(copy), closedir);
    const bool isDeep = glob.find("**") != std::string::npos || glob.find('/', prefix.size()) != std::string::npos;
    while (const dirent* entry = entries ? readdir(entries.get()) : nullptr) {
      const std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      if (entry->d_type == DT_REG || entry->d_type == DT_UNKNOWN) {
        if (manifest::globMatches(glob, prefix + name)) copyFile(folder, name, prefix + name);
      }
      if (isDeep && level < kMostLevels && (entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN)) {
        const Descriptor child = openFolder(folder, name);
        if (child) walk(child.get(), prefix + name + "/", glob, level + 1);
      }
    }
  }

  void copyFile(int folder, const std::string& name, const std::string& path) {
    const Descriptor in(openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status = {};
    if (!in || fstat(in.get(), &status) != 0 || !S_ISREG(status.st_mode) || changedAt(status) <= after_) return;
    if (kept_.size() >= kMostFiles || bytes_ + status.st_size > kMostBytes || !kept_.insert(path).second) return;
    bytes_ += status.st_size;
    const std::filesystem::path place = target_ / path;
    std::filesystem::create_directories(place.parent_path());
    const Descriptor out(open(place.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!out) throwErrno("create", place);
    for (int64_t left = status.st_size; left > 0;) {
      const ssize_t count = copy_file_range(in.get(), nullptr, out.get(), nullptr, static_cast<std::size_t>(left), 0);
      if (count < 0) throwErrno("write", place);
      if (count == 0) break;  // it has become shorter meanwhile
      left -= count;
    }
  }

  const int64_t after_;
  const std::filesystem::path target_;
  std::set<std::string> kept_;
  int64_t bytes_ = 0;
};

}  // namespace

void keepFiles(const std::filesystem::path& checkout, const std::vector<std::string>& globs, int64_t after,
               const std::filesystem::path& target) {
  if (std::filesystem::exists(target)) return;
  const std::filesystem::path draft = target.string() + ".draft";
  removeTree(draft);
  if (mkdir(draft.c_str(), 0700) != 0) throwErrno("create", draft);
  const Descriptor folder(open(checkout.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  Keeper keeper(after, draft);
  for (const std::string& glob : globs) {
    if (folder) keeper.keep(folder.get(), glob);
  }
  if (rename(draft.c_str(), target.c_str()) != 0) throwErrno("create", target);
}

}  // namespace testarena::local_executor
