// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "executor_contract.h"

namespace testarena::contract {
namespace {

TEST_P(ExecutorContract, aRemovedJobIsUnknown) {
  TA_NEEDS(passes);
  submit("1", {scenarios().passes});
  waitForEnd("1");
  remove("1");
  EXPECT_EQ(status("1").state, State::unknown);
  EXPECT_EQ(codeOf([&] { readLog("1", scenarios().passes, 0); }), Code::not_found);
  EXPECT_EQ(codeOf([&] { abort("1"); }), Code::not_found);
}

TEST_P(ExecutorContract, aRunningJobIsEndedAndRemoved) {
  TA_NEEDS(sleeps);
  submit("1", {scenarios().sleeps});
  waitUntilRunning("1");
  remove("1");
  EXPECT_EQ(status("1").state, State::unknown);
  Call call(std::chrono::seconds(30));
  EXPECT_EQ(executor().health({}, call).slots_used, 0);
}

TEST_P(ExecutorContract, removingTwiceOrWhatIsNotKnownIsNoError) {
  TA_NEEDS(passes);
  submit("1", {scenarios().passes});
  waitForEnd("1");
  remove("1");
  remove("1");
  remove("never-was");
}

TEST_P(ExecutorContract, aRemovedIdIsRefusedForEver) {
  TA_NEEDS(passes);
  TA_NEEDS_C3();
  submit("1", {scenarios().passes});
  waitForEnd("1");
  remove("1");
  EXPECT_EQ(codeOf([&] { submit("1", {scenarios().passes}); }), Code::conflict);
  if (subject().restart()) {
    EXPECT_EQ(codeOf([&] { submit("1", {scenarios().passes}); }), Code::conflict);
  }
  EXPECT_EQ(status("1").state, State::unknown);
}

TEST_P(ExecutorContract, anIdThatWasRemovedBeforeItWasKnownIsRefused) {
  TA_NEEDS(passes);
  TA_NEEDS_C3();
  remove("1");
  EXPECT_EQ(codeOf([&] { submit("1", {scenarios().passes}); }), Code::conflict);
  if (subject().restart()) {
    EXPECT_EQ(codeOf([&] { submit("1", {scenarios().passes}); }), Code::conflict);
  }
}

TEST_P(ExecutorContract, theListHasEveryJobOnceOverItsPages) {
  TA_NEEDS(passes);
  if (!capabilities().list) GTEST_SKIP() << "this executor cannot list its jobs";
  std::set<std::string> expected;
  for (int i = 1; i <= 7; ++i) {
    submit(std::to_string(i), {scenarios().passes});
    expected.insert(std::to_string(i));
  }
  for (const std::string& id : expected) waitForEnd(id);
  remove("4");
  expected.erase("4");

  std::multiset<std::string> listed;
  Call call(std::chrono::seconds(30));
  ListRequest request{"", 2};
  do {
    const JobList page = executor().list(request, call);
    ASSERT_LE(page.jobs.size(), 2u);
    ASSERT_TRUE(!page.jobs.empty() || page.next.empty()) << "an empty page is the last one";
    for (const ListedJob& job : page.jobs) {
      listed.insert(job.job);
      EXPECT_EQ(job.state, State::passed);
      EXPECT_EQ(job.handle, ref(job.job).handle);
    }
    request.after = page.next;
  } while (!request.after.empty());
  EXPECT_EQ(listed, std::multiset<std::string>(expected.begin(), expected.end()));
}

}  // namespace
}  // namespace testarena::contract
