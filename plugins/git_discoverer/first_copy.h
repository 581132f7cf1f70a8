// SPDX-License-Identifier: Apache-2.0
// Fetches a repository behind a URL for the first time, however long that takes.
#pragma once

#include <atomic>
#include <thread>

#include <testarena/host.h>

#include "git_repository.h"

namespace testarena {

/// A call has a deadline, and a fetch that is ended at its deadline begins anew with the next one: a repository that
/// takes longer than a call would never arrive. So it comes on a thread of its own; calls that come meanwhile wait for
/// it as long as they may.
class FirstCopy {
 public:
  /// Both must outlive this.
  FirstCopy(git::Repository& repository, const Host& host);

  /// Ends the fetch if it still runs.
  ~FirstCopy();
  FirstCopy(const FirstCopy&) = delete;
  FirstCopy& operator=(const FirstCopy&) = delete;

 private:
  void fetch();

  git::Repository& repository_;
  const Host& host_;
  std::atomic<bool> ended_ = false;
  std::thread thread_;
};

}  // namespace testarena
