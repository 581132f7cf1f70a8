// SPDX-License-Identifier: Apache-2.0
#include "git_checkout.h"

#include <fstream>
#include <system_error>

#include <testarena/error.h>

namespace testarena::git {
namespace {

namespace fs = std::filesystem;

/// Removes the folder unless all went well.
class FreshFolder {
 public:
  explicit FreshFolder(fs::path path) : path_(std::move(path)) {
    std::error_code error;
    const bool made = fs::create_directory(path_, error);
    if (error) throw Unavailable("the folder " + path_.string() + " cannot be made: " + error.message());
    if (!made) {
      const std::string path = path_.string();
      path_.clear();
      throw Conflict("the folder " + path + " is there already: a checkout goes into a new one");
    }
  }
  ~FreshFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  FreshFolder(const FreshFolder&) = delete;
  FreshFolder& operator=(const FreshFolder&) = delete;

  void keep() { path_.clear(); }

 private:
  fs::path path_;
};

void write(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) throw Unavailable("the file " + path.string() + " cannot be written: is the disk full?");
}

std::string pathIn(const GitCommand& git, const std::string& source, const std::string& name, const Call& call) {
  std::string path = git.output({source, "rev-parse", "--path-format=absolute", "--git-path", name}, call);
  if (!path.empty() && path.back() == '\n') path.pop_back();
  return path;
}

}  // namespace

// Not `git clone --shared`: clone asks the source by a git of its own, whose environment is stripped of our
// configuration, and which then refuses a repository that belongs to somebody else.
void checkOut(const GitCommand& git, const fs::path& source, const std::string& commit, const fs::path& folder,
              const Call& call) {
  const std::string from = "--git-dir=" + source.string();
  const fs::path own = folder / ".git";
  FreshFolder fresh(folder);
  git.output({"init", "--quiet", "--template=",
              "--object-format=" + std::string(commit.size() == 64 ? "sha256" : "sha1"), folder.string()},
             call);
  fs::create_directory(own / "info");
  write(own / "objects" / "info" / "alternates", pathIn(git, from, "objects", call) + "\n");
  std::error_code ignored;
  fs::copy_file(pathIn(git, from, "shallow", call), own / "shallow",
                ignored);  // only where the source has no full history
  write(own / "packed-refs",
        git.output({from, "for-each-ref", "--format=%(objectname) %(refname)", "refs/tags"}, call));

  git.output({"--git-dir=" + own.string(), "--work-tree=" + folder.string(), "checkout", "--quiet", "--force",
              "--detach", commit},
             call);
  fresh.keep();
}

}  // namespace testarena::git
