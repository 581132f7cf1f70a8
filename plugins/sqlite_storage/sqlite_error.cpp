// SPDX-License-Identifier: Apache-2.0
#include "sqlite_error.h"

#include <cerrno>
#include <system_error>

#include <sqlite3.h>

#include <testarena/error.h>

namespace testarena::sqlite {
namespace {

/// The system's number for an input or output error; 0 if it is not known.
int systemError(sqlite3* handle) {
  if (const int told = sqlite3_system_errno(handle); told != 0) return told;
  // SQLite 3.40 does not tell it when a COMMIT fails, but the file that could not be written (first the log) remembers
  // it.
  for (const int which : {SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER}) {
    sqlite3_file* file = nullptr;
    if (sqlite3_file_control(handle, "main", which, &file) != SQLITE_OK) continue;
    if (file == nullptr || file->pMethods == nullptr) continue;
    int remembered = 0;
    file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &remembered);
    if (remembered != 0) return remembered;
  }
  return 0;
}

/// A write that fails at a quota or at the limit of a file's size is an "I/O error" to SQLite; the system knows better.
bool outOfSpace(sqlite3* handle, int code) {
  if (code == SQLITE_FULL) return true;
  if (code != SQLITE_IOERR) return false;
  const int number = systemError(handle);
  return number == ENOSPC || number == EDQUOT || number == EFBIG;
}

std::string inputOutputError(sqlite3* handle, const std::string& text) {
  const int number = systemError(handle);
  return text + (number == 0 ? "" : " (" + std::generic_category().message(number) + ")");
}

}  // namespace

void throwLastError(sqlite3* handle, const std::string& doing) {
  const int extended = sqlite3_extended_errcode(handle);
  const int code = extended & 0xFF;
  const std::string text = doing + ": " + sqlite3_errmsg(handle);
  if (outOfSpace(handle, code)) {
    throw Exhausted(text + ": there is no space left for the database; free some, reading goes on meanwhile");
  }
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Unavailable(text + ": another program holds a lock on the database file; end it, or try again");
    case SQLITE_IOERR:
      throw Unavailable(inputOutputError(handle, text));
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      throw Unavailable(inputOutputError(handle, text) +
                        ": check who owns the database file, its folder and its -wal file");
    case SQLITE_NOMEM:
      throw Unavailable(text);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      throw Internal(text + ": the database file is damaged; restore a backup");
    default:
      throw Internal(text + " (SQLite code " + std::to_string(extended) + ")");
  }
}

}  // namespace testarena::sqlite
