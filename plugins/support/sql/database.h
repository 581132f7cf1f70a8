// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <testarena/call.h>

#include "connection.h"

namespace testarena::sql {

/// Whether a job list may look different after a write.
enum class Lists { unchanged, changed };

/// What SqlStorage needs of a database. From any thread.
class Database {
 public:
  using Work = std::function<void(Connection&)>;

  virtual ~Database() = default;

  /// Runs `work` on one consistent view, which holds everything that any `write` wrote that has returned.
  virtual void read(Call& call, const Work& work) = 0;

  /// Runs `work` in a transaction of its own; durable when it returns. What `work` throws undoes it. `work` may run
  /// more than once (the database asked for a repetition), so it only sets its results, it never adds to them.
  /// Cancelled or DeadlineExceeded: it had not begun.
  virtual void write(Call& call, Lists lists, const Work& work) = 0;

  /// A number that grows after each write that changed the lists, before it returns.
  virtual std::int64_t dataRevision() = 0;

  /// Empty if all is well, else what is wrong and what to do.
  virtual std::string trouble() = 0;

  /// "SQLite 3.40.1"
  virtual std::string version() = 0;

  /// `read` and `write` for work that has an answer.
  template <class Ask>
  auto answer(Call& call, Ask&& ask) {
    std::optional<decltype(ask(std::declval<Connection&>()))> answer;
    read(call, [&](Connection& connection) { answer = ask(connection); });
    return *std::move(answer);
  }
  template <class Change>
  auto change(Call& call, Lists lists, Change&& change) {
    std::optional<decltype(change(std::declval<Connection&>()))> answer;
    write(call, lists, [&](Connection& connection) { answer = change(connection); });
    return *std::move(answer);
  }
};

}  // namespace testarena::sql
