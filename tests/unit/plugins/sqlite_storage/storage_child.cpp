// SPDX-License-Identifier: Apache-2.0
// A process with a storage, for tests that kill it, run it out of space or find it in their way.
//   storage_child hold FOLDER    opens the storage, prints "open", and keeps it until standard input ends
//   storage_child write FOLDER   submits jobs from eight threads; prints each id once its submission has returned
//   storage_child fill FOLDER    submits until there is no space, prints what happened then
#include <csignal>
#include <cstdio>
#include <iostream>
#include <mutex>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "quiet_host.h"
#include "sqlite_storage.h"

namespace {

using namespace testarena;

NewJob someJob(std::size_t filler = 0) {
  NewJob job;
  job.user = "anna";
  job.environment = "lab-1";
  job.branch = "main";
  job.commit = std::string(filler, 'c');
  job.runs = {{"boot", "", 1, ""}, {"sleep", "", 1, ""}};
  job.audit.action = "job.submit";
  return job;
}

/// In one write(2), so that a line is either there or not.
void say(const std::string& line) {
  const std::string text = line + "\n";
  if (write(STDOUT_FILENO, text.data(), text.size()) < 0) _exit(3);
}

void hold() {
  say("open");
  char octet = 0;
  while (read(STDIN_FILENO, &octet, 1) > 0) {
  }
}

void writeForEver(Storage& storage) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      Call call(std::chrono::hours(1));
      for (;;) say(std::to_string(storage.create_job(someJob(), call).job.row.id));
    });
  }
  for (std::thread& thread : threads) thread.join();
}

void limitFileSize(rlim_t octets) {
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = octets;
  setrlimit(RLIMIT_FSIZE, &limit);
}

void fill(Storage& storage) {
  std::signal(SIGXFSZ, SIG_IGN);  // then the write fails with EFBIG, as it would with ENOSPC
  limitFileSize(1 << 20);
  Call call(std::chrono::hours(1));
  std::int64_t newest = 0;
  try {
    for (;;) newest = storage.create_job(someJob(20'000), call).job.row.id;
  } catch (const Exhausted& error) {
    say(std::string("exhausted: ") + error.what());
  }
  say("health: " + std::string(enumName(storage.health({}, call).state)));
  say("newest: " + std::to_string(storage.list_jobs({}, call).jobs.at(0).id) + " of " + std::to_string(newest));
  limitFileSize(RLIM_INFINITY);
  say("after: " + std::to_string(storage.create_job(someJob(20'000), call).job.row.id));
  say("health: " + std::string(enumName(storage.health({}, call).state)));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string what = argv[1];
  try {
    sqlite::SqliteStorage storage({"testarena.db", argv[2]}, test::quietHost());
    Call call(std::chrono::minutes(1));
    storage.open({}, call);
    if (what == "hold") hold();
    if (what == "write") writeForEver(storage);
    if (what == "fill") fill(storage);
    return 0;
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
