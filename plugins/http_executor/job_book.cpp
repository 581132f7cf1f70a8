// SPDX-License-Identifier: Apache-2.0
#include "job_book.h"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <system_error>
#include <unistd.h>

#include <testarena/error.h>
#include <testarena/json.h>

#include "descriptor.h"
#include "json_record.h"

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

std::optional<JobRecord> JobBook::load(const std::string& job) const {
  std::ifstream in(fileOf(job), std::ios::binary);
  if (!in) return std::nullopt;
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  try {
    auto record = json::read<JobRecord>(text);
    if (record.submission.job != job || record.runs.size() != record.submission.runs.size()) {
      throw Invalid("it is about another job");
    }
    return record;
  } catch (const Invalid& error) {
    throw Internal(fileOf(job).string() + " is damaged: " + error.what());
  }
}

void JobBook::save(const JobRecord& record) const {
  const std::lock_guard lock(mutex_);
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  const auto file = fileOf(record.submission.job);
  const auto draft = folder_ / ("." + record.submission.job);  // an id never begins with a dot
  {
    const process::Descriptor out(::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!out) fail("cannot write", draft);
    writeAll(out, toJson(record), draft);
    sync(out, draft);
  }
  if (::rename(draft.c_str(), file.c_str()) != 0) fail("cannot write", file);
  sync(process::Descriptor(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)), folder_);
}

void JobBook::forget(const std::string& job) const {
  std::error_code ignored;
  std::filesystem::remove(fileOf(job), ignored);
}

}  // namespace testarena::http_executor
