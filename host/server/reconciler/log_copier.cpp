// SPDX-License-Identifier: Apache-2.0
#include "log_copier.h"

#include <algorithm>

#include "trace.h"

namespace testarena::server {
namespace {
constexpr int64_t kPart = 1 << 20;
}

CopiedLog LogCopier::copy(const JobRef& job, const LogId& log, int64_t& budget) {
  CopiedLog result;
  int64_t offset = logs_.received(log);
  bool grew = false;
  while (budget > 0) {
    LogRequest request{job.job, job.handle, log.scenario, log.attempt, offset, std::min(kPart, budget)};
    LogPart part;
    try {
      auto call = callWithin(std::chrono::seconds(30));
      part = executor_.read_log(request, call);
    } catch (const NotFound& error) {
      result.unreadable = error.what();
      break;
    } catch (const OutOfRange& error) {
      result.unreadable = error.what();
      break;
    }
    const auto bytes = part.data.view().substr(0, static_cast<size_t>(request.limit));
    if (!bytes.empty()) {
      logs_.append(log, offset, bytes);
      offset += static_cast<int64_t>(bytes.size());
      budget -= static_cast<int64_t>(bytes.size());
      grew = true;
    }
    if (part.complete) {
      logs_.finish(log);
      result.complete = true;
      break;
    }
    if (bytes.empty()) break;
  }
  result.more = budget <= 0 && !result.complete;
  if (grew || result.complete) events_.logGrew(log.job, log.scenario, log.attempt, logs_.size(log));
  return result;
}

}  // namespace testarena::server
