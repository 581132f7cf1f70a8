// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace testarena::sqlite {

/// Takes the database file for this process: looks at the folder and its file system, takes the lock, creates the file
/// (0600, it holds password hashes) if there is none. The lock lasts as long as the object, and not longer than the
/// process.
class FileGuard {
 public:
  /// Throws Unavailable: no such folder, a file system that cannot be trusted, or another process has the lock (the
  /// message says which one, on which host). At once, or after two seconds if that process cannot be seen to live: it
  /// may just have been killed.
  explicit FileGuard(const std::string& path);
  ~FileGuard();
  FileGuard(const FileGuard&) = delete;
  FileGuard& operator=(const FileGuard&) = delete;

 private:
  void takeLock();
  void createFile() const;

  const std::string path_;
  int lock_ = -1;
};

/// The name of a file system on which SQLite's locks or shared memory do not work, by statfs's `f_type`; else nothing.
std::optional<std::string> unsafeFileSystem(long type);

}  // namespace testarena::sqlite
