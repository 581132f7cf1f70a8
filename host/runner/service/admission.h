// SPDX-License-Identifier: Apache-2.0
// From what was posted to what can be run: everything it names is looked up before anything is promised.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <testarena/discoverer.h>

#include "queue.h"
#include "queue_request.h"

namespace testarena::runner {

/// Threads: any.
class Admission {
 public:
  /// `labels` are what this machine has.
  Admission(Discoverer& discoverer, std::vector<std::string> labels)
      : discoverer_(discoverer), labels_(std::move(labels)) {}

  /// Throws Invalid, with the reason, for what does not exist or cannot be run here. Unavailable: the repository could
  /// not be asked. Keeps nothing of the queue.
  Accepted admit(const QueueRequest& request, Call& call);

  const std::vector<std::string>& labels() const { return labels_; }

 private:
  /// What is on a commit; who comes while somebody looks waits for that, instead of looking as well.
  struct Scanned {
    std::mutex looking;
    std::shared_ptr<const Scan> scan;  ///< protected by looking; null until it was looked at
  };
  using Scenarios = std::shared_ptr<const Scan>;

  void checkLabels(const QueueRequest& request) const;
  std::string commitOf(const QueueRequest& request, Call& call);
  Scenarios scan(const std::string& commit, Call& call);

  Discoverer& discoverer_;
  const std::vector<std::string> labels_;

  std::mutex mutex_;
  std::deque<std::pair<std::string, std::shared_ptr<Scanned>>>
      scans_;  ///< by commit, the latest last; protected by mutex_
};

}  // namespace testarena::runner
