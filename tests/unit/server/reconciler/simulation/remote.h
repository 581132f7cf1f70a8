// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "world.h"

namespace testarena::server::simulation {

/// A remote execution server of a level of idempotency, at its worst: below c3 it starts a known id again and forgets
/// what was removed. It goes on by itself while the host is dead, and remembers what it did for whoever judges.
class Remote final : public Executor {
 public:
  explicit Remote(World& world) : world_(world) {}

  /// What became of an id, whether the remote still knows it or not.
  struct History {
    int accepted = 0;
    bool is_there = false;
    bool was_removed = false;
    bool has_ended = false;
    State end = State::unknown;
  };
  History historyOf(const std::string& job) const;
  const std::string& logOf(const std::string& job) const;
  static std::size_t planOf(const std::string& job);

  ExecutorCapabilities capabilities(const CapabilitiesRequest&, Call&) override;
  Submitted submit(const Submission& submission, Call&) override;
  StatusAnswer status(const StatusRequest& request, Call&) override;
  LogPart read_log(const LogRequest& request, Call&) override;
  None abort(const JobRef& job, Call&) override;
  None remove(const JobRef& job, Call&) override;
  Health health(const HealthRequest&, Call&) override;

 private:
  struct Accepted {
    int times = 0;
    bool is_there = false;
    bool was_removed = false;
    Clock::Steady at;
    std::optional<Clock::Steady> ended_early;
  };
  const PlannedJob& planned(const std::string& job) const { return world_.plan().jobs.at(planOf(job)); }
  State stateOf(const std::string& job, const Accepted& accepted) const;
  std::size_t logSize(const std::string& job, const Accepted& accepted) const;
  void accept(const std::string& job);

  World& world_;
  std::map<std::string, Accepted> jobs_;
  mutable std::map<std::string, std::string> logs_;  // made when first asked for
};

}  // namespace testarena::server::simulation
