// SPDX-License-Identifier: Apache-2.0
#include "run_folder.h"

#include <cerrno>
#include <fcntl.h>
#include <stdexcept>

#include "durable.h"
#include "file_time.h"
#include "notes.h"

namespace testarena::local_executor {
namespace {

/// Reads a file of notes and says which one it was when something is wrong with it.
template <class Read>
auto readNotes(const std::filesystem::path& file, Read read) -> std::optional<decltype(read(Notes()))> {
  const std::optional<std::string> text = readIfThere(file);
  if (!text) return std::nullopt;
  try {
    return read(Notes::parse(*text));
  } catch (const std::exception& error) {
    throw std::runtime_error(file.string() + " is broken: " + error.what());
  }
}

/// An open file description lock: unlike a classic one it is not lost when somebody in the process closes another
/// descriptor of the file, and unlike flock() it can be asked for without taking it.
struct flock wholeFile() {
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

std::optional<RunOrder> RunFolder::order() const {
  return readNotes(path_ / "order", readRunOrder);
}

std::optional<StartMark> RunFolder::startMark() const {
  return readNotes(startMarkFile(), [](const Notes& notes) {
    return StartMark{static_cast<pid_t>(notes.number("supervisor")), notes.number("started_at_us")};
  });
}

std::optional<StartMark> RunFolder::startMarkIfReadable() const {
  try {
    return startMark();
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::optional<RunResult> RunFolder::result() const {
  return readNotes(path_ / "result", readRunResult);
}

void RunFolder::writeOrder(const RunOrder& order) const {
  writeDurably(path_ / "order", toNotes(order).render());
}

void RunFolder::writeStartMark(const StartMark& mark) const {
  Notes notes;
  notes.add("supervisor", mark.supervisor);
  notes.add("started_at_us", mark.started_at_us);
  writeDurably(startMarkFile(), notes.render());
  passTick(startMarkFile());
}

void RunFolder::writeResult(const RunResult& result) const {
  writeDurably(path_ / "result", toNotes(result).render());
}

bool RunFolder::isSupervised() const {
  const process::Descriptor file(open((path_ / "lock").c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!file) {
    if (errno == ENOENT) return false;
    throwErrno("open", path_ / "lock");
  }
  struct flock lock = wholeFile();
  if (fcntl(file.get(), F_OFD_GETLK, &lock) != 0) throwErrno("ask for the lock of", path_ / "lock");
  return lock.l_type != F_UNLCK;
}

process::Descriptor RunFolder::takeLock() const {
  process::Descriptor file(open((path_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) throwErrno("open", path_ / "lock");
  struct flock lock = wholeFile();
  if (fcntl(file.get(), F_OFD_SETLK, &lock) == 0) return file;
  if (errno != EAGAIN && errno != EACCES) throwErrno("lock", path_ / "lock");
  return {};
}

}  // namespace testarena::local_executor
