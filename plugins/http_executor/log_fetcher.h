// SPDX-License-Identifier: Apache-2.0
// Fetches logs from where `log_url` says, behind the back of the operations.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "http_client.h"
#include "remote.h"
#include "settings.h"

namespace testarena::http_executor {

/// What is known of a log.
struct LogState {
  int64_t bytes = 0;     ///< in the spool file
  bool settled = false;  ///< nothing more will come
  std::string problem;   ///< if settled: why it is not the whole log; empty: it is
};

/// Whether a log was written at all.
enum class Written { certainly, perhaps };

/// Such a server gives a log only as a whole and from the beginning, however long it is. So a thread of its own fetches
/// it into a file, again and again while its run goes on, at most every `log_refresh` and never for more than a tenth
/// of the time; and once more when it has ended. A log server that is slow or broken holds up no verdict.
///
/// Threads: any.
class LogFetcher {
 public:
  /// Both must outlive it.
  LogFetcher(const Profile& profile, const Remote& remote);
  ~LogFetcher();
  LogFetcher(const LogFetcher&) = delete;
  LogFetcher& operator=(const LogFetcher&) = delete;

  /// Says that somebody would like to see the log `name` of a job, from `url`; fetched when it is time. `hasEnded`: it
  /// does not grow any more; where it was only perhaps written, a 404 then means that there is none. Answers what is
  /// known now.
  LogState want(const std::string& job, const std::string& name, const std::string& url, bool hasEnded,
                Written written = Written::certainly);

  std::string read(const std::string& job, const std::string& name, int64_t offset, int64_t limit) const;
  int64_t sizeOf(const std::string& job, const std::string& name) const;

  /// Removes what was fetched of a job.
  void forget(const std::string& job);

 private:
  using Steady = std::chrono::steady_clock::time_point;
  struct Log {
    std::string url;
    bool wanted = false;
    bool hasEnded = false;
    bool fetchedAfterEnd = false;
    Written written = Written::certainly;
    Steady due{};
    Steady endedAt{};
    LogState state;
  };
  struct Fetched {
    LogState state;
    bool whole = false;
    bool missing = false;  ///< 404
    std::string trouble;   ///< may go away
  };
  using Name = std::pair<std::string, std::string>;  ///< job and name

  std::filesystem::path fileOf(const Name& name) const;
  void work();
  std::map<Name, Log>::iterator next();
  Fetched fetch(const Name& name, const std::string& url, const Call& call);
  void conclude(Log& log, const Fetched& fetched, Steady begun, bool hadEnded);
  http::Client& clientFor(const http::Address& address);

  const Profile& profile_;
  const Remote& remote_;
  const std::filesystem::path folder_;
  std::atomic<bool> closing_{false};
  std::map<std::string, std::unique_ptr<http::Client>> clients_;  ///< only used by the thread

  std::mutex mutex_;
  std::condition_variable changed_;
  // Protected by mutex_.
  std::map<Name, Log> logs_;
  std::string fetching_;  ///< the job whose log is being fetched
  std::thread thread_;    ///< begins with the first log
};

}  // namespace testarena::http_executor
