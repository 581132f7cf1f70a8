// SPDX-License-Identifier: Apache-2.0
#include "files.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include <testarena/error.h>

#include "random.h"

namespace testarena {
namespace {

constexpr auto kPatienceWithTheDead = std::chrono::seconds(2);

std::string because(const std::string& what) {
  return what + ": " + std::strerror(errno);
}

int openFile(const std::filesystem::path& file, int flags, mode_t mode = 0) {
  for (;;) {
    const int descriptor = ::open(file.c_str(), flags | O_CLOEXEC, mode);
    if (descriptor >= 0 || errno != EINTR) return descriptor;
  }
}

void writeAll(int descriptor, std::string_view content, const std::filesystem::path& file) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw Unavailable(because(file.string() + " cannot be written"));
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// A file that is not there yet removes itself again when something goes wrong before it has its name.
class Temporary {
 public:
  explicit Temporary(std::filesystem::path file) : file_(std::move(file)) {}
  ~Temporary() {
    if (!kept_) ::unlink(file_.c_str());
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  void keep() { kept_ = true; }

 private:
  std::filesystem::path file_;
  bool kept_ = false;
};

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    close();
    descriptor_ = other.release();
  }
  return *this;
}

int FileDescriptor::release() {
  return std::exchange(descriptor_, -1);
}

void FileDescriptor::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

std::string readFile(const std::filesystem::path& file, std::size_t limit) {
  // Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
  const FileDescriptor descriptor(openFile(file, O_RDONLY | O_NONBLOCK | O_NOCTTY));
  if (!descriptor) {
    if (errno == ENOENT || errno == ENOTDIR) throw NotFound(file.string() + ": there is no such file");
    if (errno == EACCES || errno == EPERM) throw Denied(file.string() + " may not be read by this account");
    throw Unavailable(because(file.string() + " cannot be opened"));
  }
  struct stat about {};
  if (::fstat(descriptor.get(), &about) != 0) throw Unavailable(because(file.string() + " cannot be read"));
  if (!S_ISREG(about.st_mode)) throw Invalid(file.string() + " is not an ordinary file");
  std::string content;
  char part[16384];
  for (;;) {
    const ssize_t got = ::read(descriptor.get(), part, sizeof part);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Unavailable(because(file.string() + " cannot be read"));
    if (got == 0) return content;
    content.append(part, static_cast<std::size_t>(got));
    if (content.size() > limit) {
      throw Invalid(file.string() + " is too large: more than " + std::to_string(limit) + " bytes");
    }
  }
}

void writeFileAtomically(const std::filesystem::path& file, std::string_view content, mode_t mode) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const std::filesystem::path name = folder / ("." + file.filename().string() + "." + randomHex(6));
  FileDescriptor descriptor(openFile(name, O_WRONLY | O_CREAT | O_EXCL, mode & 0600U));
  if (!descriptor) throw Unavailable(because(name.string() + " cannot be made"));
  Temporary temporary(name);
  writeAll(descriptor.get(), content, file);
  if (::fchmod(descriptor.get(), mode) != 0 || ::fsync(descriptor.get()) != 0) {
    throw Unavailable(because(file.string() + " cannot be written"));
  }
  descriptor.close();
  if (::rename(name.c_str(), file.c_str()) != 0) throw Unavailable(because(file.string() + " cannot be replaced"));
  temporary.keep();
  makeDurable(folder);  // the new name
}

void makeDurable(const std::filesystem::path& fileOrFolder) {
  const FileDescriptor descriptor(openFile(fileOrFolder, O_RDONLY));
  if (!descriptor || ::fsync(descriptor.get()) != 0) {
    throw Unavailable(because(fileOrFolder.string() + " cannot be synchronised"));
  }
}

void makePrivateFolder(const std::filesystem::path& folder) {
  std::filesystem::path done;
  for (const auto& part : folder) {
    done /= part;
    if (::mkdir(done.c_str(), 0700) == 0 || errno == EEXIST || errno == EISDIR) continue;
    std::error_code ignored;
    if (!std::filesystem::is_directory(done, ignored)) {
      throw Unavailable(because("the folder " + done.string() + " cannot be made"));
    }
  }
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) throw Invalid(folder.string() + " is not a folder");
}

std::string readableByOthers(const std::filesystem::path& file) {
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0 || (about.st_mode & S_IROTH) == 0) return {};
  char mode[8];
  std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(about.st_mode & 07777U));
  return "its mode is " + std::string(mode) + ": every account of this machine can read it; chmod o-rwx " +
         file.string();
}

std::filesystem::path programFile() {
  return std::filesystem::read_symlink("/proc/self/exe");
}

FileLock::FileLock(const std::filesystem::path& file) : descriptor_(openFile(file, O_RDWR | O_CREAT, 0600)) {
  if (!descriptor_) throw Unavailable(because("the lock file " + file.string() + " cannot be opened"));
  const auto until = std::chrono::steady_clock::now() + kPatienceWithTheDead;
  while (::flock(descriptor_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) throw Unavailable(because(file.string() + " cannot be locked"));
    char owner[32] = {};
    const ssize_t got = ::pread(descriptor_.get(), owner, sizeof owner - 1, 0);
    std::string process = got > 0 ? std::string(owner, static_cast<std::size_t>(got)) : std::string("another process");
    while (!process.empty() && process.back() == '\n') process.pop_back();
    const pid_t id = static_cast<pid_t>(std::strtol(owner, nullptr, 10));
    const bool isDead = id > 0 && ::kill(id, 0) != 0 && errno == ESRCH;
    if (!isDead || std::chrono::steady_clock::now() >= until) {
      throw Conflict(file.string() + " is held by process " + process + ": only one may use this folder at a time");
    }
    // A child that it was about to start when it was killed holds the lock until its own program begins.
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  // Only for the message above; the lock itself is the kernel's.
  const std::string self = std::to_string(::getpid()) + "\n";
  if (::ftruncate(descriptor_.get(), 0) != 0 || ::pwrite(descriptor_.get(), self.data(), self.size(), 0) < 0) {
    throw Unavailable(because(file.string() + " cannot be written"));
  }
}

}  // namespace testarena
