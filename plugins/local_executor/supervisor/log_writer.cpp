// SPDX-License-Identifier: Apache-2.0
#include "log_writer.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include "durable.h"

namespace testarena::local_executor {
namespace {

constexpr std::size_t kBufferSize = 256 * 1024;

}  // namespace

LogWriter::LogWriter(const std::filesystem::path& file, int64_t limit)
    : file_(open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600)),
      path_(file),
      buffer_(std::make_unique<char[]>(kBufferSize)),
      limit_(limit) {
  if (!file_) throwErrno("open", path_);
}

LogWriter::Copied LogWriter::copy(int pipe) {
  const ssize_t count = read(pipe, buffer_.get(), kBufferSize);
  if (count < 0) return errno == EAGAIN || errno == EINTR ? Copied::nothing_now : Copied::end;
  if (count == 0) return Copied::end;
  int64_t wanted = count;
  if (limit_ > 0 && size_ + wanted > limit_) {
    wanted = limit_ - size_;
    over_ = true;
  }
  for (int64_t written = 0; written < wanted;) {
    const ssize_t part = write(file_.get(), buffer_.get() + written, static_cast<std::size_t>(wanted - written));
    if (part < 0 && errno == EINTR) continue;
    if (part < 0) throwErrno("write", path_);
    written += part;
    size_ += part;
  }
  return Copied::some;
}

void LogWriter::sync() {
  if (fdatasync(file_.get()) != 0) throwErrno("sync", path_);
}

}  // namespace testarena::local_executor
