// SPDX-License-Identifier: Apache-2.0
// dummy_executor passes the contract of executors, loaded as the server loads it, at every level it can be set to.
#include <gtest/gtest.h>

#include "executor_home.h"

namespace testarena::contract {
namespace {

class DummySubject final : public ExecutorSubject {
 public:
  explicit DummySubject(const std::string& more) : executor_("plugin = \"dummy_executor\"\n" + more, "/nowhere") {}

  Executor& executor() override { return executor_.get(); }
  Submission submission(const std::string& job) override {
    return Submission{job, "lab", "ada", "main", std::string(40, 'a'), {}};
  }
  ExecutorScenarios scenarios() const override {
    return {"pass", "fail", "skip", "sleep-10m", "sleep-600ms_log-12000"};
  }

 private:
  LoadedExecutor executor_;
};

ExecutorCase dummy(const std::string& name, const std::string& more) {
  return {name, [more] { return std::make_unique<DummySubject>(more); }};
}

INSTANTIATE_TEST_SUITE_P(DummyExecutor, ExecutorContract,
                         testing::Values(dummy("c3", ""), dummy("c2", "idempotency = \"c2\"\nin_flight = \"1s\"\n"),
                                         dummy("poll", "push = false\nlatency = \"5ms\"\n")));

}  // namespace
}  // namespace testarena::contract
