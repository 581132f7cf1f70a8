// SPDX-License-Identifier: Apache-2.0
// sqlite_transactions FILE THREADS SECONDS: how many transactions a second SQLite makes durable when each of the
// threads inserts one row in one transaction of its own, waiting for the others as SQLite's own lock makes it. Prints
// the number.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <sqlite3.h>

namespace {

void execute(sqlite3* database, const char* statement) {
  if (::sqlite3_exec(database, statement, nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw std::runtime_error(std::string(statement) + ": " + ::sqlite3_errmsg(database));
  }
}

sqlite3* open(const char* file) {
  sqlite3* database = nullptr;
  if (::sqlite3_open(file, &database) != SQLITE_OK) throw std::runtime_error(::sqlite3_errmsg(database));
  ::sqlite3_busy_timeout(database, 60'000);
  execute(database, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
  return database;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: sqlite_transactions FILE THREADS SECONDS\n";
    return 2;
  }
  try {
    sqlite3* database = open(argv[1]);
    execute(database, "CREATE TABLE IF NOT EXISTS jobs (id INTEGER PRIMARY KEY, branch TEXT, created_at INTEGER)");
    ::sqlite3_close(database);

    std::atomic<long> transactions = 0;
    std::atomic<bool> failed = false;
    const double seconds = std::atof(argv[3]);
    const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    std::vector<std::thread> threads;
    for (int i = 0; i < std::atoi(argv[2]); ++i) {
      threads.emplace_back([&] {
        try {
          sqlite3* own = open(argv[1]);
          while (std::chrono::steady_clock::now() < until) {
            execute(own, "BEGIN IMMEDIATE; INSERT INTO jobs (branch, created_at) VALUES ('main', 1); COMMIT");
            ++transactions;
          }
          ::sqlite3_close(own);
        } catch (const std::exception& error) {
          failed = true;
          std::cerr << error.what() << "\n";
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    std::cout << static_cast<double>(transactions) / seconds << "\n";
    return failed ? 1 : 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
