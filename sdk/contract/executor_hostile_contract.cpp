// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include "executor_contract.h"

namespace testarena::contract {
namespace {

std::vector<std::string> hostileIds() {
  using namespace std::string_literals;
  return {"",
          ".",
          "..",
          "../x",
          "/etc/passwd",
          "a/b",
          "a\\b",
          "-rf",
          "a b",
          "a\nb",
          "a\0b"s,
          "\0"s,
          "$(id)",
          "`id`",
          "';id;'",
          "é",
          "%2e%2e",
          ".hidden",
          ":x",
          "x\t",
          "x\r\n",
          "x\x7f",
          "\xff\xfe",
          "*",
          "?",
          "x'",
          "x\"",
          "x,y",
          "x;y",
          "x&y",
          std::string(129, 'a'),
          std::string(10'240, 'a')};
}

TEST_P(ExecutorContract, hostileIdsAreInvalidAndNothingHappens) {
  TA_NEEDS(passes);
  for (const std::string& id : hostileIds()) {
    EXPECT_EQ(codeOf([&] { submit(id, {scenarios().passes}); }), Code::invalid) << testing::PrintToString(id);
    EXPECT_TRUE(isUnknown(id)) << testing::PrintToString(id);
    EXPECT_NE(codeOf([&] { abort(id); }), Code::ok) << testing::PrintToString(id);
    EXPECT_NE(codeOf([&] { readLog(id, "", 0); }), Code::ok) << testing::PrintToString(id);
    codeOf([&] { remove(id); });  // what is not known may be removed; what can be no id may be refused
  }
  submit("1", {scenarios().passes});
  EXPECT_EQ(waitForEnd("1").state, State::passed) << "and all goes on as before";
}

TEST_P(ExecutorContract, hostileScenariosAreRefusedAndNothingHappens) {
  using namespace std::string_literals;
  const std::string missing = subject().missingCommit();
  if (missing.empty()) GTEST_SKIP() << "this executor takes every scenario";
  for (const std::string& scenario :
       {""s, "../../etc/passwd"s, "a\0b"s, "$(touch x)"s, "--help"s, std::string(10'240, 'x')}) {
    const Code code = codeOf([&] { submit("1", {scenario}); });
    EXPECT_TRUE(code == Code::invalid || code == Code::not_found) << testing::PrintToString(scenario);
    EXPECT_EQ(status("1").state, State::unknown);
  }
}

TEST_P(ExecutorContract, attemptsCountFromOne) {
  TA_NEEDS(passes);
  for (const int64_t attempt : {int64_t{0}, int64_t{-1}, INT64_MIN}) {
    Submission submission = job("1", {scenarios().passes});
    submission.runs[0].attempt = attempt;
    EXPECT_EQ(codeOf([&] { submit(submission); }), Code::invalid) << attempt;
  }
  EXPECT_EQ(status("1").state, State::unknown);
}

TEST_P(ExecutorContract, offsetsAndLimitsThatMakeNoSenseAreInvalid) {
  TA_NEEDS(passes);
  submit("1", {scenarios().passes});
  waitForEnd("1");
  EXPECT_EQ(codeOf([&] { readLog("1", scenarios().passes, -1); }), Code::invalid);
  EXPECT_EQ(codeOf([&] { readLog("1", scenarios().passes, INT64_MIN); }), Code::invalid);
  EXPECT_EQ(codeOf([&] { readLog("1", scenarios().passes, 0, 0); }), Code::invalid);
  EXPECT_EQ(codeOf([&] { readLog("1", scenarios().passes, 0, -5); }), Code::invalid);
  EXPECT_EQ(codeOf([&] { readLog("1", scenarios().passes, INT64_MAX, INT64_MAX); }), Code::ok);
}

TEST_P(ExecutorContract, eightThreadsAtOnceGetOneJobEach) {
  TA_NEEDS(passes);
  TA_NEEDS_C3();
  constexpr int kThreads = 8, kJobs = 3;
  std::vector<std::thread> threads;
  std::vector<std::string> troubles(kThreads);
  std::vector<Submission> jobs;
  for (int i = 1; i <= kJobs; ++i) jobs.push_back(job(std::to_string(i), {scenarios().passes}));
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      try {
        Call call(std::chrono::seconds(60));
        for (const Submission& submission : jobs) {
          const Submitted submitted = executor().submit(submission, call);  // all threads the same jobs
          executor().status({{{submission.job, submitted.handle}}}, call);
          executor().read_log({submission.job, submitted.handle, scenarios().passes, 1, 0, 100}, call);
          executor().health({}, call);
          executor().capabilities({}, call);
        }
      } catch (const std::exception& error) {
        troubles[static_cast<std::size_t>(i)] = error.what();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& trouble : troubles) EXPECT_EQ(trouble, "");
  for (const Submission& submission : jobs) {
    EXPECT_EQ(waitForEnd(submission.job).state, State::passed);
    remove(submission.job);
  }
}

TEST_P(ExecutorContract, eightThreadsAtOnceMayRemoveTheSameJobs) {
  TA_NEEDS(passes);
  constexpr int kThreads = 8, kJobs = 6;
  for (int i = 1; i <= kJobs; ++i) submit(std::to_string(i), {scenarios().passes});
  for (int i = 1; i <= kJobs; ++i) waitForEnd(std::to_string(i));
  std::vector<std::thread> threads;
  std::vector<std::string> troubles(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      try {
        Call call(std::chrono::seconds(60));
        for (int job = 1; job <= kJobs; ++job) executor().remove(ref(std::to_string(job)), call);
      } catch (const std::exception& error) {
        troubles[static_cast<std::size_t>(i)] = error.what();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& trouble : troubles) EXPECT_EQ(trouble, "");
  for (int i = 1; i <= kJobs; ++i) EXPECT_TRUE(isUnknown(std::to_string(i)));
}

}  // namespace
}  // namespace testarena::contract
