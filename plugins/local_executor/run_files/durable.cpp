// SPDX-License-Identifier: Apache-2.0
#include "durable.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "descriptor.h"

namespace testarena::local_executor {

using process::Descriptor;

void throwErrno(std::string_view action, const std::filesystem::path& file) {
  throw std::system_error(errno, std::generic_category(), std::string(action) + " " + file.string());
}

void writeDurably(const std::filesystem::path& file, std::string_view content) {
  // One name for all writers of a file: each file here has one writer, proven by a lock, and a rest of an earlier life
  // is overwritten instead of kept for ever.
  const std::filesystem::path draft = file.parent_path() / ("." + file.filename().string() + ".draft");
  {
    const Descriptor out(open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!out) throwErrno("create", draft);
    while (!content.empty()) {
      const ssize_t count = write(out.get(), content.data(), content.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throwErrno("write", draft);
      content.remove_prefix(static_cast<std::size_t>(count));
    }
    if (fsync(out.get()) != 0) throwErrno("sync", draft);
  }
  if (rename(draft.c_str(), file.c_str()) != 0) throwErrno("create", file);
  syncFolder(file.parent_path());
}

void syncFolder(const std::filesystem::path& folder) {
  const Descriptor directory(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) throwErrno("open", folder);
  if (fsync(directory.get()) != 0) throwErrno("sync", folder);
}

std::optional<std::string> readIfThere(const std::filesystem::path& file) {
  const Descriptor in(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!in) {
    if (errno == ENOENT) return std::nullopt;
    throwErrno("open", file);
  }
  std::string content;
  struct stat status {};
  if (fstat(in.get(), &status) == 0 && !S_ISREG(status.st_mode)) return content;  // a device could go on for ever
  char buffer[16 * 1024];
  for (;;) {
    const ssize_t count = read(in.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throwErrno("read", file);
    if (count == 0) return content;
    content.append(buffer, static_cast<std::size_t>(count));
  }
}

}  // namespace testarena::local_executor
