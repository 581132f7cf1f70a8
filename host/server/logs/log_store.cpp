// SPDX-License-Identifier: Apache-2.0
#include "log_store.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <sodium.h>

#include <testarena/error.h>
#include <testarena/time.h>

namespace testarena::server {
namespace fs = std::filesystem;
namespace {

constexpr int64_t kMaximumRead = 64 << 20;
constexpr std::string_view kHeadNotes = ".head";
constexpr std::string_view kTailNotes = ".tail";
constexpr std::string_view kFinished = ".finished";

fs::path with(fs::path file, std::string_view suffix) {
  return file += suffix;
}

[[noreturn]] void failed(const char* what, const fs::path& file, int error) {
  const std::string text = std::string(what) + " " + file.string() + ": " + std::strerror(error);
  if (error == ENOSPC || error == EDQUOT || error == EFBIG)
    throw Exhausted(text + "; make room on the data folder's disk");
  throw Internal(text);
}

/// A file that is closed again whatever happens.
class File {
 public:
  File(const fs::path& path, int flags) : path_(path), descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0 && errno != ENOENT) failed("cannot open", path, errno);
  }
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool exists() const { return descriptor_ >= 0; }

  void writeAll(std::string_view bytes) {
    if (descriptor_ < 0) failed("cannot open", path_, ENOENT);
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) failed("cannot write", path_, errno);
      bytes.remove_prefix(static_cast<size_t>(written));
    }
  }

  void readAt(int64_t offset, int64_t limit, std::string& to) {
    const size_t start = to.size();
    to.resize(start + static_cast<size_t>(limit));
    size_t filled = 0;
    while (filled < static_cast<size_t>(limit)) {
      const ssize_t got = ::pread(descriptor_, to.data() + start + filled, static_cast<size_t>(limit) - filled,
                                  offset + static_cast<int64_t>(filled));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) failed("cannot read", path_, errno);
      if (got == 0) break;
      filled += static_cast<size_t>(got);
    }
    to.resize(start + filled);
  }

  void sync() {
    if (descriptor_ >= 0 && ::fdatasync(descriptor_) != 0) failed("cannot sync", path_, errno);
  }

 private:
  const fs::path path_;
  const int descriptor_;
};

int64_t sizeOf(const fs::path& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 ? status.st_size : 0;
}

bool isThere(const fs::path& file) {
  return ::access(file.c_str(), F_OK) == 0;
}

/// The files that make up a log, in their order.
std::vector<fs::path> partsOf(const fs::path& file, bool jobsOwn) {
  if (!jobsOwn) return {file};
  std::vector<fs::path> parts{with(file, kHeadNotes), file};
  if (isThere(with(file, kFinished))) parts.push_back(with(file, kTailNotes));
  return parts;
}

}  // namespace

LogStore::LogStore(fs::path folder) : folder_(std::move(folder)) {
  fs::create_directories(folder_);
}

fs::path LogStore::folderOf(int64_t job) const {
  // A thousand jobs a folder: a million entries in one folder make tools, not the file system, slow.
  return folder_ / std::to_string(job / 1000) / std::to_string(job);
}

fs::path LogStore::ensureFolderOf(int64_t job) {
  auto folder = folderOf(job);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) failed("cannot make the folder", folder, error.value());
  return folder;
}

fs::path LogStore::fileOf(const LogId& log) const {
  if (log.scenario.empty()) return folderOf(log.job) / "job.log";
  std::array<unsigned char, 16> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(log.scenario.data()),
                     log.scenario.size(), nullptr, 0);
  std::array<char, 33> text{};
  sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
  return folderOf(log.job) / ("run-" + std::string(text.data()) + "-" + std::to_string(log.attempt) + ".log");
}

int64_t LogStore::received(const LogId& log) const {
  return sizeOf(fileOf(log));
}

int64_t LogStore::size(const LogId& log) const {
  int64_t total = 0;
  for (const auto& part : partsOf(fileOf(log), log.scenario.empty())) total += sizeOf(part);
  return total;
}

void LogStore::append(const LogId& log, int64_t offset, std::string_view bytes) {
  ensureFolderOf(log.job);
  const auto file = fileOf(log);
  if (const auto present = sizeOf(file); present != offset) {
    throw Conflict(file.string() + " holds " + std::to_string(present) + " bytes, the next were to start at " +
                   std::to_string(offset));
  }
  File(file, O_WRONLY | O_CREAT | O_APPEND).writeAll(bytes);
}

void LogStore::finish(const LogId& log) {
  const auto folder = ensureFolderOf(log.job);
  const auto file = fileOf(log);
  File(file, O_WRONLY | O_CREAT | O_APPEND).sync();
  if (log.scenario.empty()) File(with(file, kFinished), O_WRONLY | O_CREAT).sync();
  File(folder, O_RDONLY | O_DIRECTORY).sync();
}

void LogStore::note(int64_t job, std::string_view text) {
  ensureFolderOf(job);
  const auto file = fileOf({job, "", 1});
  std::string line =
      formatTime(std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now()));
  line.append(" testarena: ").append(text);
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  line += '\n';
  const bool begun = sizeOf(file) > 0 || isThere(with(file, kFinished));
  File(with(file, begun ? kTailNotes : kHeadNotes), O_WRONLY | O_CREAT | O_APPEND).writeAll(line);
}

std::string LogStore::read(const LogId& log, int64_t offset, int64_t limit) const {
  const auto parts = partsOf(fileOf(log), log.scenario.empty());
  std::vector<int64_t> sizes;
  int64_t total = 0;
  for (const auto& part : parts) total += sizes.emplace_back(sizeOf(part));

  if (offset < 0) offset = std::max<int64_t>(0, total + offset);
  int64_t left = std::clamp<int64_t>(total - offset, 0, std::min(limit, kMaximumRead));
  std::string bytes;
  bytes.reserve(static_cast<size_t>(left));
  int64_t begin = 0;
  for (size_t i = 0; i < parts.size() && left > 0; begin += sizes[i++]) {
    if (offset >= begin + sizes[i]) continue;
    const int64_t within = std::max<int64_t>(0, offset - begin);
    const int64_t wanted = std::min(left, sizes[i] - within);
    if (File file(parts[i], O_RDONLY); file.exists()) file.readAt(within, wanted, bytes);
    left -= wanted;
  }
  return bytes;
}

void LogStore::remove(int64_t job) {
  std::error_code error;
  fs::remove_all(folderOf(job), error);
  if (error) failed("cannot remove", folderOf(job), error.value());
}

}  // namespace testarena::server
