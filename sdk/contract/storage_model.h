// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <vector>

#include <testarena/storage.h>

namespace testarena::contract {

/// What a storage should answer about jobs, by the plainest means: a map, and loops over all of it. Without the checks,
/// the audit log and everything else that other tests look at.
class StorageModel {
 public:
  /// The job that create_job answered with.
  void add(const Job& created) { jobs_[created.row.id] = created; }
  void update(const JobUpdate& update);
  void intend(std::int64_t id, Intent intent);
  void purge(std::int64_t id) { jobs_.erase(id); }

  const std::map<std::int64_t, Job>& jobs() const { return jobs_; }
  JobPage list(const JobQuery& query) const;
  std::vector<std::int64_t> open(const std::string& environment) const;

 private:
  std::map<std::int64_t, Job> jobs_;
};

}  // namespace testarena::contract
