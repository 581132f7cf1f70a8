// SPDX-License-Identifier: Apache-2.0
#include "sqlite_error.h"

#include <cerrno>
#include <system_error>

#include <sqlite3.h>

#include <testarena/error.h>

namespace testarena::sqlite {
namespace {

/// A write that fails at a quota or at the limit of a file's size is an "I/O error" to SQLite; the system knows better.
bool outOfSpace(sqlite3* handle, int code) {
  if (code == SQLITE_FULL) return true;
  const int systemError = sqlite3_system_errno(handle);
  return code == SQLITE_IOERR && (systemError == ENOSPC || systemError == EDQUOT || systemError == EFBIG);
}

std::string inputOutputError(sqlite3* handle, const std::string& text) {
  const int systemError = sqlite3_system_errno(handle);
  return text + (systemError == 0 ? "" : " (" + std::generic_category().message(systemError) + ")");
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
