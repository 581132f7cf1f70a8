// SPDX-License-Identifier: Apache-2.0
#include "remove_tree.h"

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "descriptor.h"
#include "durable.h"

namespace testarena::local_executor {
namespace {

using process::Descriptor;

/// Each level holds two descriptors; what lies deeper is moved up to the top and done from there.
constexpr int kMostLevels = 32;

class Remover {
 public:
  explicit Remover(const std::filesystem::path& folder) : path_(folder) {}

  void run() {
    top_ = openFolder(AT_FDCWD, path_.c_str());
    if (!top_) {
      if (errno == ENOENT) return;
      throwErrno("open", path_);
    }
    do {
      moved_ = false;
      empty(top_.get(), 0);
    } while (moved_);
    if (rmdir(path_.c_str()) != 0 && errno != ENOENT) throwErrno("remove", path_);
  }

 private:
  /// Opens a folder, and makes it ours to change first: a test may have taken all rights away. Through a descriptor,
  /// because chmod on a name would follow a link.
  static Descriptor openFolder(int parent, const char* name) {
    const Descriptor handle(openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!handle) return {};
    const std::string self = "/proc/self/fd/" + std::to_string(handle.get());
    struct stat status = {};
    if (fstat(handle.get(), &status) == 0 && (status.st_mode & S_IRWXU) != S_IRWXU && chmod(self.c_str(), 0700) != 0) {
      return {};
    }
    return Descriptor(openat(handle.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }

  void empty(int folder, int level) {
    const int copy = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(copy < 0 ? nullptr : fdopendir(copy), closedir);
    if (!entries) throwErrno("read a folder in", path_);
    rewinddir(entries.get());
    while (const dirent* entry = readdir(entries.get())) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") removeEntry(folder, name, level);
    }
  }

  void removeEntry(int folder, const std::string& name, int level) {
    if (unlinkat(folder, name.c_str(), 0) == 0 || errno == ENOENT) return;
    if (errno != EISDIR && errno != EPERM) throwErrno("remove", path_ / name);  // EPERM: what POSIX says for a folder
    if (level + 1 >= kMostLevels) {
      const std::string high = ".deep-" + std::to_string(++movedCount_);
      if (renameat(folder, name.c_str(), top_.get(), high.c_str()) != 0) throwErrno("move", path_ / name);
      moved_ = true;
      return;
    }
    {
      const Descriptor child = openFolder(folder, name.c_str());
      if (!child) {
        if (errno == ENOENT) return;
        throwErrno("open", path_ / name);
      }
      empty(child.get(), level + 1);
    }
    if (unlinkat(folder, name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT) throwErrno("remove", path_ / name);
  }

  const std::filesystem::path& path_;
  Descriptor top_;
  bool moved_ = false;
  int64_t movedCount_ = 0;
};

}  // namespace

void removeTree(const std::filesystem::path& folder) {
  Remover(folder).run();
}

}  // namespace testarena::local_executor
