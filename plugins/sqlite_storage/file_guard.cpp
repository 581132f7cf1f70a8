// SPDX-License-Identifier: Apache-2.0
#include "file_guard.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <system_error>
#include <thread>
#include <unistd.h>

#include <testarena/error.h>
#include <testarena/utf8.h>

namespace testarena::sqlite {
namespace {

constexpr auto kPatience = std::chrono::seconds(2);  // with what is left of a dead one

[[noreturn]] void throwSystemError(const std::string& doing) {
  throw Unavailable(doing + ": " + std::generic_category().message(errno));
}

std::string folderOf(const std::string& path) {
  return std::filesystem::path(path).parent_path().string();
}

void checkFolder(const std::string& path) {
  const std::string folder = folderOf(path);
  // Asked first: Poco would try to open a file in a folder that is not there again and again, for its whole time limit.
  if (!std::filesystem::is_directory(folder)) {
    throw Unavailable("the folder " + folder + " of the database file " + path + " does not exist: create it");
  }
  struct statfs system = {};
  if (statfs(folder.c_str(), &system) != 0) throwSystemError("looking at the file system of " + folder);
  if (const auto name = unsafeFileSystem(system.f_type)) {
    throw Unavailable(
        "the folder " + folder + " is on " + *name +
        ", where SQLite cannot keep its promises: put the data folder on a local disk, or use postgresql_storage");
  }
}

std::string hostName() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

std::string readHolder(int file) {
  char text[512];
  const ssize_t length = pread(file, text, sizeof text, 0);
  std::string_view holder(text, length > 0 ? static_cast<std::size_t>(length) : 0);
  holder = holder.substr(0, holder.find('\n'));
  return holder.empty() ? "another process" : cleanUtf8(holder);
}

/// Whether the process that says so of itself is on this machine and lives.
bool isAlive(const std::string& holder) {
  constexpr std::string_view kBegin = "process ";
  if (holder.compare(0, kBegin.size(), kBegin) != 0) return false;
  const long process = std::strtol(holder.c_str() + kBegin.size(), nullptr, 10);
  return process > 0 && (kill(static_cast<pid_t>(process), 0) == 0 || errno == EPERM);
}

/// A child that a killed process was about to start holds the lock for a moment longer, until its own program begins.
bool takeWithin(std::chrono::milliseconds patience, int file) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (isAlive(readHolder(file)) || std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

}  // namespace

FileGuard::FileGuard(const std::string& path) : path_(path) {
  checkFolder(path_);
  takeLock();
  try {
    createFile();
  } catch (...) {
    close(lock_);
    throw;
  }
}

FileGuard::~FileGuard() {
  close(lock_);
}

/// A file of its own, beside the database: SQLite's locks are POSIX locks, which a process loses as soon as it closes
/// *any* descriptor of the database file. It is not removed: whoever opened it before would lock a file without a name.
void FileGuard::takeLock() {
  const std::string name = path_ + ".lock";
  lock_ = open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock_ < 0) throwSystemError("opening the lock file " + name);
  if (!takeWithin(kPatience, lock_)) {
    const std::string holder = readHolder(lock_);
    close(lock_);
    throw Unavailable(
        "the database file " + path_ + " is in use by " + holder +
        ": a SQLite database serves one TestArena; end that process, or use postgresql_storage for several hosts");
  }
  const std::string self = "process " + std::to_string(getpid()) + " on host " + hostName() + "\n";
  // Nothing is done if that fails: a full disk must not keep the database from being read, the lock holds without its
  // text.
  [[maybe_unused]] const bool told = ftruncate(lock_, 0) == 0 && pwrite(lock_, self.data(), self.size(), 0) > 0;
}

void FileGuard::createFile() const {
  const int file = open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) {
    if (errno == EEXIST) return;
    throwSystemError("creating the database file " + path_);
  }
  close(file);
  // The name must outlive a loss of power as surely as what will be in the file.
  const std::string folderName = folderOf(path_);
  const int folder = open(folderName.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) throwSystemError("opening the folder " + folderName);
  const int synced = fsync(folder);
  close(folder);
  if (synced != 0) throwSystemError("writing the folder " + folderName);
}

std::optional<std::string> unsafeFileSystem(long type) {
  switch (static_cast<unsigned long>(type) & 0xFFFFFFFFUL) {
    case 0x6969:
      return "NFS";
    case 0x517B:
    case 0xFE534D42:
    case 0xFF534D42:
      return "a Windows share (SMB/CIFS)";
    case 0x65735546:
      return "a FUSE file system";
    default:
      return std::nullopt;
  }
}

}  // namespace testarena::sqlite
