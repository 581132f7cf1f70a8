// SPDX-License-Identifier: Apache-2.0
#include "job.h"

#include <gtest/gtest.h>

namespace testarena::local_executor {
namespace {

class JobTest : public testing::Test {
 protected:
  static PlannedRun run(const std::string& scenario) {
    PlannedRun planned;
    planned.request = {scenario, "", 1, ""};
    planned.command = {"true"};
    return planned;
  }
  static PlannedRun lister() {
    PlannedRun planned = run("ctest");
    planned.lister = "ctest";
    planned.build_dir = "build";
    return planned;
  }
  static PlannedRun test(const std::string& name) {
    PlannedRun planned = run(name);
    planned.request.expanded_from = "ctest";
    planned.build_dir = "build";
    return planned;
  }

  static Job make(const std::vector<PlannedRun>& runs, bool hasSetup = false) {
    JobOrder order;
    order.submission.job = "1";
    order.runs = runs;
    if (hasSetup) order.setup = {"make"};
    return Job(order, JobFolder("/nowhere"));
  }

  /// Lets everything that may begin do so, one after the other, and answers in which order.
  static std::vector<std::string> runAll(Job& job) {
    std::vector<std::string> order;
    while (const std::optional<Task> task = job.next()) {
      order.push_back(begin(job, *task));
      end(job, *task);
    }
    return order;
  }
  static std::string begin(Job& job, const Task& task) {
    switch (task.kind) {
      case Task::Kind::prepare:
        job.checkout = Progress::active;
        return "prepare";
      case Task::Kind::setup:
        job.setup = Progress::active;
        return "setup";
      case Task::Kind::run:
        break;
    }
    job.find(task.run)->progress = Progress::active;
    return job.find(task.run)->plan.request.scenario;
  }
  static void end(Job& job, const Task& task, State state = State::passed) {
    if (task.kind == Task::Kind::prepare) job.checkout = Progress::done;
    if (task.kind == Task::Kind::setup) job.finishSetup({}, {state, {}});
    if (task.kind != Task::Kind::run) return;
    job.find(task.run)->progress = Progress::done;
    job.find(task.run)->verdict = {state, {}};
  }
  static void prepare(Job& job) { job.checkout = job.setup = Progress::done; }
};

TEST_F(JobTest, checkoutThenSetupThenRunsInTheOrderGiven) {
  Job job = make({run("b"), run("a")}, true);
  EXPECT_EQ(job.state(), State::waiting);
  EXPECT_EQ(runAll(job), (std::vector<std::string>{"prepare", "setup", "b", "a"}));
  EXPECT_EQ(job.state(), State::passed);
}

TEST_F(JobTest, aRunThatIsAbortedBeforeItBeganIsLeftOut) {
  Job job = make({run("a"), run("b"), run("c")});
  prepare(job);
  job.abortRun(*job.find("1"));
  EXPECT_EQ(runAll(job), (std::vector<std::string>{"a", "c"}));
  EXPECT_TRUE(job.hasEnded());
  EXPECT_EQ(job.stateOf(*job.find("b", 1)), State::aborted);
  EXPECT_EQ(job.stateOf(*job.find("c", 1)), State::passed);
}

TEST_F(JobTest, testsThatComeAfterAnAbortedOneDoNotWaitForIt) {
  PlannedRun after = test("after");
  after.after = {"before"};
  Job job = make({test("before"), after});
  prepare(job);
  job.abortRun(*job.find("0"));
  EXPECT_EQ(runAll(job), (std::vector<std::string>{"after"}));
}

TEST_F(JobTest, aRunThatCouldNotBeginIsNotTriedAgainOnceItsEndIsWanted) {
  Job job = make({run("a")});
  prepare(job);
  begin(job, *job.next());
  job.abortRun(*job.find("0"));
  EXPECT_EQ(job.stateOf(*job.find("0")), State::in_progress);
  job.putBack(*job.find("0"));
  EXPECT_EQ(job.stateOf(*job.find("0")), State::aborted);
  EXPECT_FALSE(job.next());
  EXPECT_TRUE(job.hasEnded());
}

TEST_F(JobTest, nothingBeginsBesideCheckoutOrSetupAndRunsDoBesideEachOther) {
  Job job = make({run("a"), run("b")}, true);
  const Task checkout = *job.next();
  begin(job, checkout);
  EXPECT_FALSE(job.next());
  EXPECT_EQ(job.state(), State::in_progress);
  end(job, checkout);
  const Task setup = *job.next();
  begin(job, setup);
  EXPECT_FALSE(job.next());
  EXPECT_EQ(job.activeCount(), 1u);
  end(job, setup);
  begin(job, *job.next());
  begin(job, *job.next());
  EXPECT_EQ(job.activeCount(), 2u);
  EXPECT_FALSE(job.next());
}

TEST_F(JobTest, theStateIsAbortedElseErroredElseFailedElsePassed) {
  const auto stateAfter = [](const std::vector<State>& ends) {
    std::vector<PlannedRun> runs;
    for (std::size_t i = 0; i < ends.size(); ++i) runs.push_back(run(std::to_string(i)));
    Job job = make(runs);
    prepare(job);
    for (const State end : ends) {
      const Task task = *job.next();
      begin(job, task);
      JobTest::end(job, task, end);
    }
    return job.state();
  };
  EXPECT_EQ(stateAfter({State::passed, State::skipped}), State::passed);
  EXPECT_EQ(stateAfter({State::failed, State::passed}), State::failed);
  EXPECT_EQ(stateAfter({State::errored, State::failed}), State::errored);
  EXPECT_EQ(stateAfter({State::failed, State::errored}), State::errored);
  EXPECT_EQ(stateAfter({State::errored, State::aborted, State::failed}), State::aborted);
}

TEST_F(JobTest, anAbortBeginsNothingMoreAndKeepsTheVerdictsThatWereFirst) {
  Job job = make({run("a"), run("b"), run("c")});
  prepare(job);
  const Task first = *job.next();
  begin(job, first);
  end(job, first, State::failed);
  const Task second = *job.next();
  begin(job, second);
  job.abortAsked = true;
  EXPECT_FALSE(job.next());
  EXPECT_EQ(job.state(), State::in_progress) << "until what runs has ended";
  EXPECT_EQ(job.stateOf(job.runs()[2]), State::aborted) << "what waits never begins";
  end(job, second, State::passed);
  EXPECT_EQ(job.stateOf(job.runs()[0]), State::failed);
  EXPECT_EQ(job.stateOf(job.runs()[1]), State::passed);
  EXPECT_EQ(job.state(), State::aborted);
}

TEST_F(JobTest, anAbortAfterTheLastVerdictChangesNothing) {
  Job job = make({run("a")});
  prepare(job);
  runAll(job);
  job.abortAsked = true;
  EXPECT_EQ(job.state(), State::passed);
}

TEST_F(JobTest, aFailedSetupIsAnErrorOfAllThatHasNotBegun) {
  Job job = make({run("a")}, true);
  job.checkout = Progress::done;
  RunResult result;
  result.exit_code = 2;
  job.finishSetup(result, {State::failed, {}});
  EXPECT_TRUE(job.hasEnded());
  EXPECT_EQ(job.state(), State::errored);
  EXPECT_EQ(job.reasonOf(job.runs()[0]), "the setup failed: exit code 2");
}

TEST_F(JobTest, testsTakeThePlaceOfTheirListerAndAllAreKnownBeforeTheFirstRuns) {
  Job job = make({run("first"), lister(), run("last")});
  prepare(job);
  const Task listing = *job.next();
  EXPECT_EQ(begin(job, listing), "ctest") << "before the run that is named first";
  EXPECT_FALSE(job.next());
  end(job, listing);
  job.expand("1", {test("x"), test("y"), test("last")});
  std::vector<std::string> told;
  for (const auto& each : job.runs()) {
    if (each.isTold()) told.push_back(each.plan.request.scenario);
  }
  EXPECT_EQ(told, (std::vector<std::string>{"first", "x", "y", "last"}));
  EXPECT_EQ(job.find("x", 1)->folder, "1.0");
  EXPECT_EQ(job.find("ctest", 1), nullptr);
  EXPECT_TRUE(job.find("last", 1)->plan.build_dir.empty()) << "the scenario of that name, not the test";
  EXPECT_EQ(runAll(job), (std::vector<std::string>{"first", "x", "y", "last"}));
}

TEST_F(JobTest, locksSerialAndDependenciesOfAListersTestsAreKept) {
  Job job = make({run("other"), lister()});
  prepare(job);
  end(job, *job.next());
  PlannedRun a = test("a"), b = test("b"), c = test("c"), alone = test("alone"), after = test("after");
  a.locks = {"port", "disk"};
  b.locks = {"disk"};
  alone.serial = true;
  after.after = {"a", "not among them"};
  job.expand("1", {after, a, b, alone, c});
  const auto beginNext = [&] {
    const std::optional<Task> task = job.next();
    return task ? begin(job, *task) : std::string("nothing");
  };
  const auto endOf = [&](const std::string& name) { end(job, {Task::Kind::run, job.find(name, 1)->folder}); };
  EXPECT_EQ(beginNext(), "other");
  EXPECT_EQ(beginNext(), "a") << "after waits for it";
  EXPECT_EQ(beginNext(), "c") << "b waits for the disk, alone for all others";
  EXPECT_EQ(beginNext(), "nothing");
  endOf("a");
  EXPECT_EQ(beginNext(), "after");
  EXPECT_EQ(beginNext(), "b");
  EXPECT_EQ(beginNext(), "nothing");
  for (const char* name : {"b", "c", "after"}) endOf(name);
  EXPECT_EQ(beginNext(), "alone") << "beside a run that is no test of ctest";
  EXPECT_EQ(beginNext(), "nothing");
}

TEST_F(JobTest, anInternalListerIsNeverToldAndLimitsTheTestsThatWereNamed) {
  PlannedRun internal = lister();
  internal.internal = true;
  Job job = make({test("a"), test("b"), internal});
  prepare(job);
  const Task listing = *job.next();
  EXPECT_EQ(listing.run, "2");
  begin(job, listing);
  end(job, listing, State::errored);
  PlannedRun a = test("a"), b = test("b");
  a.locks = b.locks = {"port"};
  job.expand("2", {a, b, test("unasked")});
  begin(job, *job.next());
  EXPECT_FALSE(job.next()) << "they share a port";
  end(job, {Task::Kind::run, "0"});
  begin(job, *job.next());
  end(job, {Task::Kind::run, "1"});
  EXPECT_EQ(job.state(), State::passed) << "what the lister made of it is its own affair";
  EXPECT_EQ(job.find("unasked", 1), nullptr);
}

}  // namespace
}  // namespace testarena::local_executor
