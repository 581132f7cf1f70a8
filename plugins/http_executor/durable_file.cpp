// SPDX-License-Identifier: Apache-2.0
#include "durable_file.h"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>

#include <testarena/error.h>

#include "descriptor.h"

namespace testarena::http_executor {
namespace {

[[noreturn]] void fail(const char* doing, const std::filesystem::path& file) {
  const int error = errno;
  const std::string message = std::string(doing) + " " + file.string() + ": " + std::generic_category().message(error);
  if (error == ENOSPC || error == EDQUOT) throw Exhausted(message + ": make room in the data folder");
  throw Unavailable(message);
}

void writeAll(const process::Descriptor& file, std::string_view text, const std::filesystem::path& name) {
  while (!text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("cannot write", name);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void sync(const process::Descriptor& what, const std::filesystem::path& name) {
  if (!what || ::fsync(what.get()) != 0) fail("cannot write", name);
}

}  // namespace

void writeDurably(const std::filesystem::path& file, std::string_view text) {
  const auto folder = file.parent_path();
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const auto draft = folder / ("." + file.filename().string());
  {
    const process::Descriptor out(::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!out) fail("cannot write", draft);
    writeAll(out, text, draft);
    sync(out, draft);
  }
  if (::rename(draft.c_str(), file.c_str()) != 0) fail("cannot write", file);
  sync(process::Descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)), folder);
}

}  // namespace testarena::http_executor
