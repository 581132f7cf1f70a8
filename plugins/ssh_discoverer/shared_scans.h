// SPDX-License-Identifier: Apache-2.0
// Scans of commits, each done once however many ask for it.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <testarena/call.h>
#include <testarena/discoverer.h>
#include <testarena/error.h>

namespace testarena {

/// What a commit has never changes, so the last few answers are kept. Threads: any.
class SharedScans {
 public:
  using Scanner = std::function<Scan()>;

  /// The answer for the commit: kept, or of somebody who scans it just now, or of `scan`. What `scan` throws goes to
  /// all who wait for it; but if it was only that nobody waited for the one who did it any more, the next one does it.
  /// Throws DeadlineExceeded and Cancelled as the call says.
  Scan get(const std::string& commit, const Call& call, const Scanner& scan);

 private:
  struct Work {
    bool isDone = false;
    std::shared_ptr<const Scan> scan;
    // Not as an exception: one that several threads refer to is counted where ThreadSanitizer does not see it.
    Code code = Code::ok;
    std::string message;
    std::string pointer;
  };

  void keep(const std::string& commit, std::shared_ptr<const Scan> scan);

  std::mutex mutex_;
  std::condition_variable changed_;
  // Protected by mutex_.
  std::map<std::string, std::shared_ptr<Work>> underWay_;
  std::map<std::string, std::shared_ptr<const Scan>> kept_;
  std::deque<std::string> oldest_;  // keys of kept_, in the order they came
};

}  // namespace testarena
