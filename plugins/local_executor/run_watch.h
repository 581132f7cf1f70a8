// SPDX-License-Identifier: Apache-2.0
// Waits for what supervised runs do: their log grows, they end.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "descriptor.h"
#include "run_folder.h"
#include "starter.h"

namespace testarena::local_executor {

/// Told by inotify on the run's folder (its result, its start mark), on its log (at most every 50 ms), and by a handle
/// of the supervisor's process. For one thread, but for `wake`.
class RunWatch {
 public:
  /// Throws std::system_error.
  RunWatch();

  struct Event {
    enum class Kind { grew, look } kind;  ///< look: there may be a result, or the supervisor may be gone
    uint64_t run;
  };

  /// Watches the folder from now on; what happened before is told by a first `look`. Throws std::system_error.
  uint64_t add(const RunFolder& folder);

  /// The supervisor that was started on it: a child of this process.
  void attach(uint64_t run, Started started);

  /// What the supervisor said before it was in charge, usually nothing.
  std::string report(uint64_t run) const;

  /// False while a supervisor is there, or may still come up. Looks at the lock, so no stranger with its id is
  /// believed.
  bool isAbandoned(uint64_t run);

  /// Has the next `wait` tell a `look` again.
  void lookAgain(uint64_t run) { lookAgain_.push_back(run); }

  /// A child that has ended is taken note of, also after this.
  void drop(uint64_t run);

  /// At most `timeout`.
  std::vector<Event> wait(std::chrono::milliseconds timeout);

  /// Ends a `wait`, the current or the next one. From any thread.
  void wake() const;

 private:
  using Clock = std::chrono::steady_clock;

  struct Watched {
    RunFolder folder;
    int folderWatch = -1;
    int logWatch = -1;
    int64_t logSize = 0;
    std::optional<Clock::time_point> rearmAt{};
    pid_t child = 0;                ///< 0: the supervisor is not our child, it was started in an earlier life
    process::Descriptor process{};  ///< pidfd; unset while its id is not known
    process::Descriptor report{};
    std::string said{};
  };

  void adopt(Watched& run);
  void watchLog(Watched& run);
  void readInotify(std::vector<Event>& events);
  void readReport(Watched& run);
  void rearmLogs(std::vector<Event>& events);
  void reap();
  int timeoutUntil(Clock::time_point end) const;

  process::Descriptor inotify_;
  process::Descriptor wake_;
  std::map<uint64_t, Watched> runs_;
  std::map<int, uint64_t> byFolderWatch_;
  std::map<int, uint64_t> byLogWatch_;
  std::vector<pid_t> children_;  ///< supervisors whose run has ended, and who may still be about to exit
  std::vector<uint64_t> lookAgain_;
  uint64_t last_ = 0;
};

}  // namespace testarena::local_executor
