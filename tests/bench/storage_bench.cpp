// SPDX-License-Identifier: Apache-2.0
// storage_bench [FOLDER]: what the storage's questions and changes cost in a database of 1,000,000 jobs. FOLDER is
// filled unless it has a database already; without it a temporary one is used.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <stdlib.h>
#include <string>
#include <thread>
#include <vector>

#include "job_filter.h"
#include "jobs.h"
#include "make_jobs.h"
#include "paging.h"
#include "quiet_host.h"
#include "sqlite_connection.h"
#include "sqlite_storage.h"

namespace {

using namespace testarena;
using Clock = std::chrono::steady_clock;

std::unique_ptr<sqlite::SqliteStorage> openStorage(const std::string& folder, Call& call) {
  auto storage = std::make_unique<sqlite::SqliteStorage>(sqlite::SqliteStorage::Settings{"testarena.db", folder},
                                                         test::quietHost());
  storage->open({}, call);
  return storage;
}

double microseconds(Clock::duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

/// The median of many; one page of output per question.
double measure(const char* what, const std::function<void(int)>& ask, int times = 400) {
  for (int i = 0; i < times / 10 + 1; ++i) ask(i);
  std::vector<double> each;
  for (int i = 0; i < times; ++i) {
    const auto begin = Clock::now();
    ask(i);
    each.push_back(microseconds(Clock::now() - begin));
  }
  std::sort(each.begin(), each.end());
  const double median = each[each.size() / 2];
  std::printf("%-58s %9.1f us   (p99 %9.1f)\n", what, median, each[each.size() * 99 / 100]);
  std::fflush(stdout);
  return median;
}

JobQuery query(const std::string& q, const std::string& user = {}, std::optional<std::int64_t> after = {}) {
  JobQuery query;
  query.q = q;
  query.user = user;
  query.after = after;
  return query;
}

std::string userOf(int i) {
  return "user-" + std::to_string(1 + i % 499);
}

void questions(Storage& storage, Call& call) {
  const auto list = [&](const JobQuery& query) { return storage.list_jobs(query, call); };
  const double first = measure("page of 50, newest", [&](int) { list(query("")); });
  const double deep = measure("page of 50, at depth 900,000", [&](int i) { list(query("", "", 100'000 - i)); });
  std::printf("    deep / first: %.2f\n", deep / first);
  measure("page of 50, of one user (any)", [&](int i) { list(query("", userOf(i))); });
  measure("page of 50, of the user with a third of all jobs", [&](int) { list(query("", "user-0")); });
  measure("page of 50, of one user, deep", [&](int i) { list(query("", userOf(i), 100'000)); });
  for (const State state : {State::passed, State::errored, State::in_progress}) {
    JobQuery byState = query("");
    byState.state = state;
    measure(("page of 50, " + std::string(enumName(state))).c_str(), [&](int) { list(byState); });
    byState.user = "user-7";
    measure(("page of 50, of one user, " + std::string(enumName(state))).c_str(), [&](int) { list(byState); });
  }
  JobQuery byBranch = query("");
  byBranch.branch = "feature/ticket-52";
  measure("page of 50, of a branch", [&](int) { list(byBranch); });
  byBranch.environment = "lab-3";
  measure("page of 50, of a branch and an environment", [&](int) { list(byBranch); });
  measure("search: id", [&](int i) { list(query(std::to_string(900'000 - i * 1000))); });
  measure("search: name of one user", [&](int i) { list(query("ser-" + std::to_string(100 + i % 399))); });
  const double common = measure("search: part of every name", [&](int) { list(query("user")); });
  const double commonDeep =
      measure("search: part of every name, at depth 900,000", [&](int i) { list(query("USER", "", 100'000 - i)); });
  std::printf("    deep / first: %.2f\n", commonDeep / common);
  measure("search: nobody", [&](int) { list(query("nobody")); });
  measure("get_job", [&](int i) { storage.get_job({1 + i * 2000, false}, call); });
  measure("data_revision", [&](int) { storage.data_revision({}, call); });

  storage.create_user({{"anna", "", "", Role::user, "local", true, {}, {}}, {}}, call);
  storage.create_session({"s1", "anna", "csrf", "", "", {}, {}, {}}, call);
  storage.create_token({{"t1", "digest", "anna", "", {}, {}, {}}, {}}, call);
  measure("get_session", [&](int) { storage.get_session({"s1"}, call); });
  measure("get_token", [&](int) { storage.get_token({"t1"}, call); });
}

/// Why the hot statements do not go through Poco::Data.
void paths(const std::string& folder) {
  sqlite::SqliteConnection connection(folder + "/testarena.db", sqlite::Access::reading);
  JobQuery wanted = query("", "user-7");
  const sql::JobFilter filter(wanted);
  const sql::Query hot = sql::pageQuery(filter);
  sql::Query ordinary = hot;
  ordinary.path = sql::Path::ordinary;
  const auto page = [&](const sql::Query& statement) {
    connection.all<JobRow>(statement, sql::kNoBound, std::int64_t{51}, filter.values());
  };
  const double raw = measure("the same page on the raw handle", [&](int) { page(hot); });
  const double poco = measure("the same page through Poco::Data", [&](int) { page(ordinary); });
  std::printf("    raw / Poco: %.2f\n", raw / poco);
}

NewJob submission(int client) {
  NewJob job;
  job.user = "user-" + std::to_string(client);
  job.environment = "lab-1";
  job.branch = "main";
  job.commit = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b";
  job.created_at = Time(std::chrono::seconds(1'800'000'000));
  job.runs = {{"boot", "", 1, ""}, {"sleep", "", 1, ""}, {"alu", "", 1, ""}};
  job.audit.action = "job.submit";
  return job;
}

double submissionsPerSecond(const char* what, int clients, const std::function<void(int)>& submit) {
  std::atomic<bool> stop{false};
  std::atomic<int> done{0};
  std::vector<std::thread> threads;
  const auto begin = Clock::now();
  for (int client = 0; client < clients; ++client) {
    threads.emplace_back([&, client] {
      while (!stop) {
        submit(client);
        ++done;
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::seconds(3));
  stop = true;
  for (std::thread& thread : threads) thread.join();
  const double rate = done / std::chrono::duration<double>(Clock::now() - begin).count();
  std::printf("%-58s %9.0f /s\n", what, rate);
  std::fflush(stdout);
  return rate;
}

double oneTransactionEach(const std::string& folder) {
  static const sql::Query begin{"begin", "BEGIN IMMEDIATE", sql::Path::hot};
  static const sql::Query commit{"commit", "COMMIT", sql::Path::hot};
  sqlite::SqliteConnection connection(folder + "/testarena.db", sqlite::Access::writing);
  std::mutex mutex;
  return submissionsPerSecond("submissions, 64 clients, one transaction each", 64, [&](int client) {
    const std::lock_guard<std::mutex> lock(mutex);
    connection.run(begin);
    sql::createJob(connection, submission(client));
    connection.run(commit);
  });
}

int run(const std::string& folder) {
  if (!std::filesystem::exists(folder + "/testarena.db")) {
    const auto begin = Clock::now();
    bench::makeJobs(folder, {});
    std::printf("1,000,000 jobs made in %.1f s\n", microseconds(Clock::now() - begin) / 1e6);
  }
  Call call(std::chrono::hours(1));
  const auto opening = Clock::now();
  auto storage = openStorage(folder, call);
  std::printf("%-58s %9.1f us\n", "open", microseconds(Clock::now() - opening));
  questions(*storage, call);
  paths(folder);
  const double alone = submissionsPerSecond("submissions, 1 client", 1,
                                            [&](int client) { storage->create_job(submission(client), call); });
  const double together = submissionsPerSecond("submissions, 64 clients, group commit", 64,
                                               [&](int client) { storage->create_job(submission(client), call); });
  storage.reset();
  const double each = oneTransactionEach(folder);
  std::printf("    group commit / one transaction each: %.1f, one client / one transaction each: %.2f\n",
              together / each, alone / each);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) return run(argv[1]);
  std::string name = (std::filesystem::temp_directory_path() / "storage-bench-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) return 1;
  const int result = run(name);
  std::filesystem::remove_all(name);
  return result;
}
