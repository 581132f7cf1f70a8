// SPDX-License-Identifier: Apache-2.0
#include "tombstones.h"

#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

#include "durable.h"

namespace testarena::local_executor {

Tombstones::Tombstones(std::filesystem::path file)
    : file_(std::move(file)), descriptor_(open(file_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
  if (!descriptor_) throwErrno("open", file_);
  syncFolder(file_.parent_path());
  const std::string text = readIfThere(file_).value_or("");
  std::string_view rest = text;
  for (std::size_t end = 0; (end = rest.find('\n')) != std::string_view::npos; rest.remove_prefix(end + 1)) {
    jobs_.emplace(rest.substr(0, end));
  }
  if (!rest.empty() && ftruncate(descriptor_.get(), static_cast<off_t>(text.size() - rest.size())) != 0) {
    throwErrno("repair", file_);
  }
}

void Tombstones::add(const std::string& job) {
  if (contains(job)) return;
  const std::string line = job + "\n";
  const off_t before = lseek(descriptor_.get(), 0, SEEK_END);
  errno = ENOSPC;  // what a write that is too short means
  const ssize_t count = write(descriptor_.get(), line.data(), line.size());
  if (count != static_cast<ssize_t>(line.size()) || fdatasync(descriptor_.get()) != 0) {
    const int error = errno;
    // Half a line would swallow the next one. If even this fails, the reader cuts it off at the next start.
    if (ftruncate(descriptor_.get(), before) != 0) descriptor_ = process::Descriptor();
    errno = error;
    throwErrno("write", file_);
  }
  jobs_.insert(job);
}

}  // namespace testarena::local_executor
