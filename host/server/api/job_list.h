// SPDX-License-Identifier: Apache-2.0
// Job lists, rendered once for all who look at the same one.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include <testarena/storage.h>

#include "jobs.h"
#include "request.h"
#include "response.h"

namespace testarena::server {

struct JobListView {
  std::vector<JobRow> jobs;
  std::optional<int64_t> next;
  TA_FIELDS(jobs, next)
};

/// Keeps rendered pages by query and by the storage's data revision: while nothing has changed, a list costs a look-up,
/// and a browser that has it gets 304. Threads: any.
class JobList {
 public:
  JobList(JobService& jobs, Storage& storage) : jobs_(jobs), storage_(storage) {}

  http::Response answer(const http::Request& request, const JobQuery& query);
  /// The JSON of a page.
  std::shared_ptr<const std::string> page(const JobQuery& query);

 private:
  struct Page {
    int64_t revision = 0;
    uint64_t generation = 0;  ///< of what jobs wait for
    std::shared_ptr<const std::string> body;
    std::string etag;
    std::string next;  ///< value of the Link field; empty on the last page
  };
  std::shared_ptr<const Page> find(const JobQuery& query);

  JobService& jobs_;
  Storage& storage_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Page>> pages_;  ///< guarded by mutex_
};

}  // namespace testarena::server
