// SPDX-License-Identifier: Apache-2.0
#include "world.h"

#include <algorithm>

namespace testarena::server::simulation {
namespace {

constexpr std::int64_t kFaultyCalls = 160;
constexpr Fault kFaults[] = {Fault::killed_before, Fault::killed_after, Fault::lost_request, Fault::lost_answer,
                             Fault::late,          Fault::said_no,      Fault::garbage};
constexpr const char* kNames[] = {"none",        "killed before", "killed after", "lost request",
                                  "lost answer", "late",          "said no",      "garbage"};

PlannedJob makeJob(Random& random) {
  PlannedJob job;
  job.wait = milliseconds(random.below(4) == 0 ? random.below(20'000) : 0);
  job.duration = milliseconds(random.below(3) == 0 ? random.below(200) : random.below(90'000));
  if (random.below(40) == 0) job.duration = std::chrono::hours(3);  // beyond the time limit
  job.verdict = random.below(3) == 0 ? State::failed : State::passed;
  job.log_bytes = random.below(2) == 0 ? 0 : random.below(3000);
  return job;
}

}  // namespace

Plan makePlan(std::uint64_t seed) {
  SeededRandom random(seed);
  Plan plan;
  constexpr Idempotency kLevels[] = {Idempotency::c3, Idempotency::c3, Idempotency::c2,
                                     Idempotency::c2, Idempotency::c1, Idempotency::c0};
  plan.level = kLevels[random.below(std::size(kLevels))];
  plan.in_flight = milliseconds(plan.level == Idempotency::c3 ? 1 + random.below(60'000) : 1000 + random.below(30'000));
  const std::size_t jobs = 1 + random.below(4);
  for (std::size_t i = 0; i < jobs; ++i) {
    plan.jobs.push_back(makeJob(random));
    const auto submitted = static_cast<std::int64_t>(random.below(20));
    plan.deeds.push_back({submitted, Intent::run, i});
    for (const Intent intent : {Intent::abort, Intent::remove}) {
      if (random.below(3) == 0)
        plan.deeds.push_back({submitted + 1 + static_cast<std::int64_t>(random.below(60)), intent, i});
    }
  }
  std::stable_sort(plan.deeds.begin(), plan.deeds.end(),
                   [](const Deed& a, const Deed& b) { return a.at_call < b.at_call; });
  const std::uint64_t oneIn = 2 + random.below(12);
  for (std::int64_t call = 1; call <= kFaultyCalls; ++call) {
    if (random.below(oneIn) == 0) plan.faults[call] = kFaults[random.below(std::size(kFaults))];
  }
  return plan;
}

std::string describe(const Plan& plan) {
  std::string text =
      "level " + std::string(enumName(plan.level)) + ", in flight " + std::to_string(plan.in_flight.count()) + " ms\n";
  for (std::size_t i = 0; i < plan.jobs.size(); ++i) {
    const PlannedJob& job = plan.jobs[i];
    text += "  job " + std::to_string(i) + ": waits " + std::to_string(job.wait.count()) + " ms, runs " +
            std::to_string(job.duration.count()) + " ms, " + std::string(enumName(job.verdict)) + "\n";
  }
  for (const Deed& deed : plan.deeds) {
    text += "  at call " + std::to_string(deed.at_call) + ": " +
            (deed.intent == Intent::run ? "submit" : std::string(enumName(deed.intent))) + " job " +
            std::to_string(deed.job) + "\n";
  }
  for (const auto& [call, fault] : plan.faults) {
    text += "  call " + std::to_string(call) + ": " + kNames[static_cast<std::size_t>(fault)] + "\n";
  }
  return text;
}

World::World(const Plan& plan, std::uint64_t seed) : plan_(plan), random_(seed ^ 0x5eed) {
  if (!plan.faults.empty()) lastFault_ = plan.faults.rbegin()->first;
}

void World::advanceTo(Steady time) {
  while (!arrivals_.empty() && arrivals_.begin()->first <= time) {
    const auto arrival = arrivals_.begin();
    time_ = std::max(time_, arrival->first);
    const auto effect = std::move(arrival->second);
    arrivals_.erase(arrival);
    effect();
  }
  time_ = std::max(time_, time);
}

Fault World::nextCall() {
  ++calls_;
  advance(milliseconds(1 + random_.below(20)));
  if (!performing_) {
    performing_ = true;
    while (nextDeed_ < plan_.deeds.size() && plan_.deeds[nextDeed_].at_call <= calls_)
      perform(plan_.deeds[nextDeed_++]);
    performing_ = false;
  }
  const auto fault = plan_.faults.find(calls_);
  return fault == plan_.faults.end() ? Fault::none : fault->second;
}

}  // namespace testarena::server::simulation
