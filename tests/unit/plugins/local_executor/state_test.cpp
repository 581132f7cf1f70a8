// SPDX-License-Identifier: Apache-2.0
// The small parts of what an executor remembers.
#include <future>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "change_feed.h"
#include "job_order.h"
#include "settings.h"
#include "temporary_folder.h"
#include "tombstones.h"
#include "verdict.h"

namespace testarena::local_executor {
namespace {

using namespace std::chrono_literals;

TEST(Tombstones, areThereInTheNextLife) {
  const test::TemporaryFolder folder;
  {
    Tombstones removed(folder / "removed");
    EXPECT_FALSE(removed.contains("7"));
    removed.add("7");
    removed.add("lab:8");
    removed.add("7");
  }
  const Tombstones removed(folder / "removed");
  EXPECT_TRUE(removed.contains("7"));
  EXPECT_TRUE(removed.contains("lab:8"));
  EXPECT_FALSE(removed.contains("8"));
  EXPECT_EQ(test::readFile(folder / "removed"), "7\nlab:8\n");
}

TEST(Tombstones, halfALineIsCutOffAndSpoilsNothing) {
  const test::TemporaryFolder folder;
  test::writeFile(folder / "removed", "1\n22\n33");
  {
    Tombstones removed(folder / "removed");
    EXPECT_TRUE(removed.contains("22"));
    EXPECT_FALSE(removed.contains("33")) << "its removal was never answered";
    removed.add("4");
  }
  EXPECT_EQ(test::readFile(folder / "removed"), "1\n22\n4\n");
}

TEST(Tombstones, aFullDiskIsAnErrorAndNothingIsAdded) {
  Tombstones removed("/dev/full");
  EXPECT_THROW(removed.add("7"), std::system_error);
  EXPECT_FALSE(removed.contains("7"));
}

TEST(Verdict, limitsAndSignalsInWords) {
  EXPECT_EQ(durationInWords(60'000), "60 s");
  EXPECT_EQ(durationInWords(1500), "1.5 s");
  EXPECT_EQ(durationInWords(1005), "1.005 s");
  EXPECT_EQ(durationInWords(250), "250 ms");
  EXPECT_EQ(sizeInWords(int64_t{10} << 30), "10 GiB");
  EXPECT_EQ(sizeInWords(1536), "1536 bytes");
  EXPECT_EQ(sizeInWords(0), "0 bytes");
  EXPECT_EQ(signalInWords(11), "signal 11 (SIGSEGV)");
  EXPECT_EQ(signalInWords(64), "signal 64");
}

TEST(Verdict, onlyTheTestItselfFailsAndOnlyTheMachineErrs) {
  const auto stateOf = [](Ending ending, int64_t code = 0) {
    RunResult result;
    result.ending = ending;
    result.exit_code = code;
    return judge(result, {}).state;
  };
  EXPECT_EQ(stateOf(Ending::exited, 0), State::passed);
  EXPECT_EQ(stateOf(Ending::exited, 77), State::skipped);
  EXPECT_EQ(stateOf(Ending::exited, 1), State::failed);
  EXPECT_EQ(stateOf(Ending::exited, 255), State::failed);
  for (const Ending ending :
       {Ending::signalled, Ending::time_limit, Ending::output_limit, Ending::process_limit, Ending::not_runnable}) {
    EXPECT_EQ(stateOf(ending), State::failed) << enumName(ending);
  }
  EXPECT_EQ(stateOf(Ending::aborted), State::aborted);
  for (const Ending ending : {Ending::machine, Ending::lost, Ending::unknown})
    EXPECT_EQ(stateOf(ending), State::errored);
}

TEST(JobOrder, isReadAsItWasWritten) {
  JobOrder order;
  order.sequence = 12;
  order.submission = {"lab:7", "lab 1", "ada", "feature/x", std::string(40, 'a'), {}};
  order.setup = {"sh", "-c", "a\nb"};
  order.setup_timeout_s = 9;
  order.kept = {"*.xml"};
  PlannedRun run;
  run.request = {"a b", "dir/a b.sh", 3, "ctest"};
  run.command = {"sh", "dir/a b.sh", ""};
  run.timeout_s = 5;
  run.build_dir = "build";
  run.serial = true;
  run.locks = {"x", "y"};
  run.after = {"z"};
  PlannedRun lister;
  lister.request = {"ctest", "", 3, ""};
  lister.lister = "ctest";
  lister.internal = true;
  order.runs = {run, lister};
  order.submission.runs = {run.request};
  const JobOrder read = readJobOrder(Notes::parse(toNotes(order).render()));
  EXPECT_EQ(toNotes(read).entries(), toNotes(order).entries());
  EXPECT_EQ(read.submission, order.submission) << "what the host sent, without what we added";
}

TEST(ChangeFeed, tellsWhatChangedAfterTheCursorAndOnlyOnce) {
  ChangeFeed feed;
  const Call call(30s);
  const auto none = [] { return std::vector<std::string>{"everything"}; };
  const std::string begin = feed.wait({"", 0ms}, call, none).cursor;
  feed.changed("a");
  feed.changed("b");
  feed.changed("a");
  const Changes changes = feed.wait({begin, 10s}, call, none);
  EXPECT_THAT(changes.jobs, testing::UnorderedElementsAre("a", "b"));
  EXPECT_TRUE(feed.wait({changes.cursor, 0ms}, call, none).jobs.empty());
  feed.changed("b");
  EXPECT_THAT(feed.wait({changes.cursor, 10s}, call, none).jobs, testing::ElementsAre("b"));
}

TEST(ChangeFeed, aCursorOfAnotherLifeIsAnsweredWithEverything) {
  ChangeFeed before, now;
  const Call call(30s);
  const auto everything = [] { return std::vector<std::string>{"x", "y"}; };
  const std::string old = before.wait({"", 0ms}, call, everything).cursor;
  const Changes changes = now.wait({old, 10s}, call, everything);
  EXPECT_THAT(changes.jobs, testing::ElementsAre("x", "y"));
  EXPECT_TRUE(now.wait({changes.cursor, 0ms}, call, everything).jobs.empty());
}

TEST(ChangeFeed, whatWasForgottenMayHaveChanged) {
  ChangeFeed feed;
  const Call call(30s);
  const auto everything = [] { return std::vector<std::string>{"all"}; };
  const std::string begin = feed.wait({"", 0ms}, call, everything).cursor;
  for (int i = 0; i < 20'000; ++i) feed.changed(std::to_string(i));
  EXPECT_THAT(feed.wait({begin, 0ms}, call, everything).jobs, testing::ElementsAre("all"));
}

TEST(ChangeFeed, wakesWhoeverWaitsAndObeysCancellation) {
  ChangeFeed feed;
  const auto none = [] { return std::vector<std::string>(); };
  const std::string begin = feed.wait({"", 0ms}, Call(30s), none).cursor;
  auto waiting = std::async(std::launch::async, [&] { return feed.wait({begin, 10min}, Call(30s), none).jobs; });
  feed.changed("a");
  EXPECT_THAT(waiting.get(), testing::ElementsAre("a"));
  const Call cancelled(1h, "", [] { return true; });
  EXPECT_TRUE(feed.wait({"", 10min}, cancelled, none).jobs.empty());
}

TEST(Settings, whatMakesNoSenseIsRefusedWithItsKey) {
  Settings settings;
  settings.slots = -1;
  try {
    checkedLimits(settings);
    FAIL();
  } catch (const Invalid& error) {
    EXPECT_EQ(error.pointer(), "/slots");
  }
  settings.slots = 0;
  EXPECT_GE(checkedLimits(settings).slots, 1);
  settings.supervisor = "/no/such/program";
  EXPECT_THROW(findSupervisor(settings), Invalid);
}

TEST(Settings, environmentsOfAnyNameHaveAFolderOfTheirOwn) {
  Settings settings;
  settings.data = "/data";
  std::set<std::filesystem::path> folders;
  for (const char* name : {"lab", "lab-1", "Lab", "a/b", "a%2fb", "..", ".", "a b", "\xc3\xa4"}) {
    settings.environment = name;
    const std::filesystem::path folder = stateFolderOf(settings);
    EXPECT_EQ(folder.parent_path(), "/data/executors") << name;
    EXPECT_TRUE(folders.insert(folder).second) << name;
  }
}

}  // namespace
}  // namespace testarena::local_executor
