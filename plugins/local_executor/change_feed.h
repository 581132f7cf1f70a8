// SPDX-License-Identifier: Apache-2.0
// Which jobs changed since when, for those who wait for it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include <testarena/executor.h>

namespace testarena::local_executor {

/// Threads: any.
class ChangeFeed {
 public:
  ChangeFeed();

  /// Wakes whoever waits.
  void changed(const std::string& job);

  /// Executor::wait_changes. A cursor of an earlier life answers at once with all jobs that `everything` names: what
  /// changed meanwhile is not known.
  template <class Everything>
  Changes wait(const ChangesRequest& request, const Call& call, Everything everything) {
    int64_t after = 0;
    if (!isOurs(request.cursor, after)) return {cursorNow(), everything()};
    return waitAfter(after, request.timeout, call);
  }

 private:
  bool isOurs(const std::string& cursor, int64_t& position) const;
  std::string cursorNow() const;
  std::string cursorAt(int64_t position) const;
  Changes waitAfter(int64_t position, std::chrono::milliseconds timeout, const Call& call);

  const std::string life_;  ///< told apart from cursors that another instance gave

  mutable std::mutex mutex_;
  // Protected by mutex_.
  std::condition_variable changed_;
  int64_t last_ = 0;
  std::unordered_map<std::string, int64_t> position_;  ///< of a job's latest change
  std::map<int64_t, std::string> jobs_;                ///< by that position
};

}  // namespace testarena::local_executor
