// SPDX-License-Identifier: Apache-2.0
// The contract of Executor as tests: each sentence of <testarena/executor.h> that can be checked from outside.
//
// To have your executor checked, say how it is made and which of its scenarios end how, and instantiate the suite:
//
//     class FarmSubject : public testarena::contract::ExecutorSubject { ... };
//     INSTANTIATE_TEST_SUITE_P(Farm, ExecutorContract, testing::Values(ExecutorCase{"farm", [] {
//       return std::make_unique<FarmSubject>();
//     }}));
//
// and link the program with the CMake target testarena_contract_executor.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <testarena/executor.h>

namespace testarena::contract {

/// Names of scenarios, on the commit of ExecutorSubject::submission, that do what the member says. Empty: there is
/// none, and the tests that need it are skipped.
struct ExecutorScenarios {
  std::string passes;  ///< at once
  std::string fails;   ///< at once
  std::string skips;   ///< at once
  std::string sleeps;  ///< for a minute or longer, unless it is aborted
  std::string writes;  ///< at least 100,000 bytes in the course of half a second or more, then passes
};

/// An executor with all that it needs. Each test gets a new one; no job of an earlier one is in its way.
class ExecutorSubject {
 public:
  virtual ~ExecutorSubject() = default;

  virtual Executor& executor() = 0;

  /// Destroys the instance and makes a new one over the same remote; false if this remote does not outlive it.
  virtual bool restart() { return false; }

  /// A submission that is right but for `runs`, which are empty.
  virtual Submission submission(const std::string& job) = 0;

  virtual ExecutorScenarios scenarios() const = 0;

  /// A well-formed name of a commit that does not exist; empty: every commit is taken.
  virtual std::string missingCommit() const { return {}; }
};

struct ExecutorCase {
  std::string name;
  std::function<std::unique_ptr<ExecutorSubject>()> make;
};
inline void PrintTo(const ExecutorCase& which, std::ostream* out) {
  *out << which.name;
}

/// What the tests have in common: the words of the domain.
class ExecutorContract : public testing::TestWithParam<ExecutorCase> {
 protected:
  ExecutorContract();
  ~ExecutorContract() override;

  Executor& executor() { return subject_->executor(); }
  ExecutorSubject& subject() { return *subject_; }
  const ExecutorScenarios& scenarios() const { return scenarios_; }
  ExecutorCapabilities capabilities();
  bool isC3() { return capabilities().idempotency == Idempotency::c3; }

  Submission job(const std::string& id, const std::vector<std::string>& scenarios);
  Submitted submit(const Submission& submission);
  Submitted submit(const std::string& id, const std::vector<std::string>& scenarios) {
    return submit(job(id, scenarios));
  }

  JobRef ref(const std::string& id) const;
  JobStatus status(const std::string& id);
  JobStatus waitFor(const std::string& id, const std::function<bool(const JobStatus&)>& condition);
  JobStatus waitForEnd(const std::string& id);
  void waitUntilRunning(const std::string& id);

  /// Nothing is known of it: an answer, or the refusal of a text that cannot even be sent.
  bool isUnknown(const std::string& id);

  LogPart readLog(const std::string& id, const std::string& scenario, int64_t offset, int64_t limit = 1 << 20);
  /// Reads on until the log says that it is complete.
  std::string wholeLog(const std::string& id, const std::string& scenario);

  void abort(const std::string& id);
  void abortRun(const std::string& id, const std::string& scenario, int64_t attempt = 1);
  void remove(const std::string& id);

  /// Of what a call throws; `ok` if it does not.
  static Code codeOf(const std::function<void()>& call);

 private:
  std::unique_ptr<ExecutorSubject> subject_;
  ExecutorScenarios scenarios_;
  std::vector<std::pair<std::string, std::string>> handles_;
};

/// Leaves the test, as skipped, where the executor has no such scenario.
#define TA_NEEDS(scenario) \
  if (scenarios().scenario.empty()) GTEST_SKIP() << "this executor has no scenario that " #scenario
#define TA_NEEDS_C3() \
  if (!isC3()) GTEST_SKIP() << "only level c3 refuses known and removed ids"
#define TA_NEEDS_ABORT_RUN() \
  if (!capabilities().abort_run) GTEST_SKIP() << "this executor ends whole jobs only"

}  // namespace testarena::contract
