// SPDX-License-Identifier: Apache-2.0
// What a simulation shares: the time, the faults, and what may never happen.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <testarena/executor.h>
#include <testarena/storage.h>

#include "clock.h"
#include "random.h"

namespace testarena::server::simulation {

using std::chrono::milliseconds;

/// What happens at one call of the storage or of the remote.
enum class Fault {
  none,
  killed_before,  ///< the host dies, the call has had no effect
  killed_after,   ///< the call has had its effect, nobody learns of it
  lost_request,   ///< no effect, no answer
  lost_answer,    ///< effect, no answer
  late,           ///< no answer; the effect comes later, within the time that a request can be under way
  said_no,        ///< a whole answer: nothing was done
  garbage,        ///< an answer that makes no sense
};

/// What people do at the n-th call, between it and the one before.
struct Deed {
  std::int64_t at_call = 0;
  Intent intent = Intent::run;  ///< run: submit
  std::size_t job = 0;          ///< which of the plan's jobs
};

struct PlannedJob {
  milliseconds wait{0};  ///< on the remote, before it starts
  milliseconds duration{0};
  State verdict = State::passed;
  std::size_t log_bytes = 0;
};

/// Everything that chance decides, so that it can be made smaller and run again.
struct Plan {
  Idempotency level = Idempotency::c3;
  milliseconds in_flight{15'000};
  std::vector<PlannedJob> jobs;
  std::vector<Deed> deeds;  ///< by ascending at_call
  std::map<std::int64_t, Fault> faults;
};

Plan makePlan(std::uint64_t seed);
std::string describe(const Plan& plan);

/// The host is dead. Not an exception that anybody catches by accident.
struct Killed {};

class World final : public Clock {
 public:
  World(const Plan& plan, std::uint64_t seed);

  Time now() const override {
    return Time(std::chrono::seconds(1'700'000'000)) + (time_ - Steady()) / milliseconds(1) * milliseconds(1) + jumps_;
  }
  /// Somebody sets the time of day; the steady clock knows nothing of it.
  void jump(milliseconds by) { jumps_ += by; }
  Steady steady() const override { return time_; }
  void advance(milliseconds duration) { advanceTo(time_ + duration); }
  /// What is under way arrives meanwhile, each at its time.
  void advanceTo(Steady time);
  void arriveAt(Steady time, std::function<void()> effect) { arrivals_.emplace(time, std::move(effect)); }

  /// Counts the call, lets people do what is due, and says what shall go wrong with it.
  Fault nextCall();
  bool isCalm() const { return calls_ > lastFault_ && nextDeed_ == plan_.deeds.size(); }

  std::function<void(const Deed&)> perform;
  const Plan& plan() const { return plan_; }
  Random& random() { return random_; }

  /// The first thing that was broken, in words; empty: nothing so far.
  void broke(const std::string& promise) {
    if (broken_.empty()) broken_ = promise;
  }
  const std::string& broken() const { return broken_; }

 private:
  const Plan& plan_;
  SeededRandom random_;
  Steady time_{std::chrono::hours(1)};
  milliseconds jumps_{0};
  std::int64_t calls_ = 0;
  std::int64_t lastFault_ = 0;
  std::size_t nextDeed_ = 0;
  bool performing_ = false;
  std::multimap<Steady, std::function<void()>> arrivals_;
  std::string broken_;
};

/// A call with its fault: `effect` is what it does, its answer what is returned when nothing goes wrong.
template <class Answer>
Answer withFault(World& world, Fault fault, const std::function<Answer()>& effect) {
  if (fault == Fault::killed_before) throw Killed();
  if (fault == Fault::lost_request) throw Unavailable("the connection was lost");
  if (fault == Fault::said_no) throw Retry("not now, nothing was done");
  if (fault == Fault::late) {
    const auto delay =
        milliseconds(world.random().below(static_cast<std::uint64_t>(world.plan().in_flight.count()) - 1));
    world.arriveAt(world.steady() + delay, [effect] {
      try {
        effect();
      } catch (const Error&) {
        // The answer of a request that nobody waits for any more.
      }
    });
    throw Unavailable("no answer came");
  }
  Answer answer = effect();
  if (fault == Fault::killed_after) throw Killed();
  if (fault == Fault::lost_answer || fault == Fault::garbage) throw Unavailable("the answer was lost");
  return answer;
}

}  // namespace testarena::server::simulation
