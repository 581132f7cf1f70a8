// SPDX-License-Identifier: Apache-2.0
#include "log_spool.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <testarena/error.h>

namespace testarena::http_executor {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file) {
  throw Exhausted(file.string() + ": " + std::generic_category().message(errno));
}

}  // namespace

LogReading::LogReading(const std::filesystem::path& file) : file_(file) {
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  descriptor_ = process::Descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  struct stat found = {};
  if (!descriptor_ || ::fstat(descriptor_.get(), &found) != 0) fail(file);
  size_ = found.st_size;
}

void LogReading::take(std::string_view octets) {
  std::array<char, 65'536> known;
  while (!octets.empty() && position_ < size_) {
    const auto want = std::min({octets.size(), known.size(), static_cast<std::size_t>(size_ - position_)});
    const ssize_t got = ::pread(descriptor_.get(), known.data(), want, position_);
    if (got <= 0) fail(file_);
    const auto size = static_cast<std::size_t>(got);
    if (std::memcmp(known.data(), octets.data(), size) != 0) {
      throw LogChanged("the log on the server was changed after it had been read");
    }
    octets.remove_prefix(size);
    position_ += got;
  }
  while (!octets.empty()) {
    const ssize_t written = ::pwrite(descriptor_.get(), octets.data(), octets.size(), position_);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail(file_);
    octets.remove_prefix(static_cast<std::size_t>(written));
    position_ += written;
    size_ = position_;
  }
}

std::string readSpool(const std::filesystem::path& file, int64_t offset, int64_t limit) {
  const process::Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in || offset >= sizeOfSpool(file)) return {};
  std::string data(static_cast<std::size_t>(std::min(limit, sizeOfSpool(file) - offset)), '\0');
  const ssize_t got = ::pread(in.get(), data.data(), data.size(), offset);
  data.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return data;
}

int64_t sizeOfSpool(const std::filesystem::path& file) {
  struct stat found = {};
  return ::stat(file.c_str(), &found) == 0 ? found.st_size : 0;
}

}  // namespace testarena::http_executor
