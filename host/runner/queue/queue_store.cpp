// SPDX-License-Identifier: Apache-2.0
#include "queue_store.h"

#include <sqlite3.h>

#include <testarena/error.h>
#include <testarena/message.h>

namespace testarena::runner {
namespace {

constexpr int kVersion = 1;
constexpr int kBusyTimeoutMs = 2000;  // for an administrator's sqlite3 beside us

// Records are kept as the messages that plugins get: fields that a later version adds are empty in old rows, and
// nothing in here is ever searched by content.
constexpr const char* kSchema = R"(
CREATE TABLE queue (id TEXT PRIMARY KEY, sequence INTEGER NOT NULL UNIQUE, accepted BLOB NOT NULL, progress BLOB NOT NULL);
CREATE TABLE removed (id TEXT PRIMARY KEY) WITHOUT ROWID;
PRAGMA user_version = 1;
)";

constexpr const char* kSelect = "SELECT id, accepted, progress FROM queue ORDER BY sequence";
constexpr const char* kSelectRemoved = "SELECT id FROM removed";
// "or replace": the disk may have said that it failed, and have written the row all the same.
constexpr const char* kInsert =
    "INSERT OR REPLACE INTO queue (id, sequence, accepted, progress) VALUES (?1, ?2, ?3, ?4)";
constexpr const char* kUpdate = "UPDATE queue SET progress = ?2 WHERE id = ?1";
constexpr const char* kRemember = "INSERT OR IGNORE INTO removed (id) VALUES (?1)";
constexpr const char* kErase = "DELETE FROM queue WHERE id = ?1";

}  // namespace

/// Prepared for one use: the runner writes a few times a second at most.
class QueueStore::Statement {
 public:
  Statement(QueueStore& store, const char* sql) : store_(store) {
    const int code = sqlite3_prepare_v2(store_.database_, sql, -1, &statement_, nullptr);
    if (code != SQLITE_OK) store_.fail("cannot be asked", code);
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& text(int index, const std::string& value) {
    sqlite3_bind_text(statement_, index, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
    return *this;
  }
  Statement& blob(int index, const std::string& value) {
    sqlite3_bind_blob64(statement_, index, value.data(), value.size(), SQLITE_STATIC);
    return *this;
  }
  Statement& number(int index, int64_t value) {
    sqlite3_bind_int64(statement_, index, value);
    return *this;
  }

  /// True if there is a row.
  bool step() {
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) store_.fail("could not be read or written", code);
    return code == SQLITE_ROW;
  }
  std::string bytes(int column) {
    const void* data = sqlite3_column_blob(statement_, column);
    return data == nullptr ? std::string()
                           : std::string(static_cast<const char*>(data),
                                         static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
  }
  int64_t number(int column) { return sqlite3_column_int64(statement_, column); }

 private:
  QueueStore& store_;
  sqlite3_stmt* statement_ = nullptr;
};

/// Rolled back unless it is committed.
class QueueStore::Transaction {
 public:
  explicit Transaction(QueueStore& store) : store_(store) { store_.run("BEGIN IMMEDIATE"); }
  ~Transaction() {
    if (!committed_) sqlite3_exec(store_.database_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    store_.run("COMMIT");
    committed_ = true;
  }

 private:
  QueueStore& store_;
  bool committed_ = false;
};

QueueStore::QueueStore(const std::filesystem::path& file) : file_(file) {
  const int code = sqlite3_open_v2(file.c_str(), &database_,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  try {
    if (code != SQLITE_OK) fail("cannot be opened", code);
    sqlite3_busy_timeout(database_, kBusyTimeoutMs);
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = FULL");  // NORMAL may lose the last commits at a loss of power
    const int64_t version = number("PRAGMA user_version");
    if (version > kVersion) {
      throw Conflict(file_.string() + " was made by a later version of the runner (" + std::to_string(version) +
                     "); this one knows " + std::to_string(kVersion));
    }
    if (version == 0) {
      Transaction transaction(*this);
      run(kSchema);
      transaction.commit();
    }
  } catch (...) {
    sqlite3_close(database_);
    throw;
  }
}

QueueStore::~QueueStore() {
  sqlite3_close(database_);
}

void QueueStore::fail(const std::string& what, int code) const {
  const std::string message =
      file_.string() + " " + what + ": " + (database_ != nullptr ? sqlite3_errmsg(database_) : sqlite3_errstr(code));
  if ((code & 0xFF) == SQLITE_FULL) throw Exhausted(message);
  throw Unavailable(message);
}

void QueueStore::run(const char* sql) {
  const int code = sqlite3_exec(database_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail("could not be written", code);
}

int64_t QueueStore::number(const char* sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.number(0) : 0;
}

std::vector<Queue> QueueStore::queues() {
  const std::lock_guard lock(mutex_);
  std::vector<Queue> queues;
  for (Statement rows(*this, kSelect); rows.step();) {
    try {
      queues.push_back({decode<Accepted>(toBytes(rows.bytes(1))), decode<Progress>(toBytes(rows.bytes(2)))});
    } catch (const Error& error) {
      throw Unavailable(file_.string() + ": the row of the queue '" + rows.bytes(0) + "' is damaged: " + error.what());
    }
  }
  return queues;
}

std::set<std::string> QueueStore::removedIds() {
  const std::lock_guard lock(mutex_);
  std::set<std::string> ids;
  for (Statement rows(*this, kSelectRemoved); rows.step();) ids.insert(rows.bytes(0));
  return ids;
}

void QueueStore::add(const Queue& queue) {
  const std::string accepted = encode(queue.accepted);
  const std::string progress = encode(queue.progress);
  const std::lock_guard lock(mutex_);
  Transaction transaction(*this);
  Statement(*this, kInsert)
      .text(1, queue.id())
      .number(2, queue.accepted.sequence)
      .blob(3, accepted)
      .blob(4, progress)
      .step();
  transaction.commit();
}

void QueueStore::update(const std::string& id, const Progress& progress) {
  const std::string bytes = encode(progress);
  const std::lock_guard lock(mutex_);
  Transaction transaction(*this);
  Statement(*this, kUpdate).text(1, id).blob(2, bytes).step();
  transaction.commit();
}

void QueueStore::markRemoved(const std::string& id, const Progress* progress) {
  const std::string bytes = progress != nullptr ? encode(*progress) : std::string();
  const std::lock_guard lock(mutex_);
  Transaction transaction(*this);
  Statement(*this, kRemember).text(1, id).step();
  if (progress != nullptr) Statement(*this, kUpdate).text(1, id).blob(2, bytes).step();
  transaction.commit();
}

void QueueStore::erase(const std::string& id) {
  const std::lock_guard lock(mutex_);
  Transaction transaction(*this);
  Statement(*this, kErase).text(1, id).step();
  transaction.commit();
}

}  // namespace testarena::runner
