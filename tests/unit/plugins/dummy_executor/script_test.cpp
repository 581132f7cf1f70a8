// SPDX-License-Identifier: Apache-2.0
#include "script.h"

#include <gtest/gtest.h>

namespace testarena::dummy_executor {
namespace {

using namespace std::chrono_literals;

TEST(DummyScript, wordsSayHowARunEndsAndTheFirstCounts) {
  EXPECT_EQ(readScript("pass").end, State::passed);
  EXPECT_EQ(readScript("smoke/boot_fail").end, State::failed);
  EXPECT_EQ(readScript("skip").end, State::skipped);
  EXPECT_EQ(readScript("error fail").end, State::errored);
  EXPECT_EQ(readScript("anything else").end, State::passed);
  EXPECT_EQ(readScript("failure").end, State::passed) << "another word";
  EXPECT_EQ(readScript("").end, State::passed);
}

TEST(DummyScript, numbersFollowTheirWord) {
  EXPECT_EQ(readScript("sleep-500ms_fail").duration, 500ms);
  EXPECT_EQ(readScript("sleep-2s").duration, 2s);
  EXPECT_EQ(readScript("sleep-3m").duration, 3min);
  EXPECT_EQ(readScript("log-10000").lines, 10'000);
  EXPECT_EQ(readScript("slow-submit-2s").slowSubmit, 2s);
  for (const char* name :
       {"sleep-", "sleep-x", "sleep--1s", "sleep-5", "sleep-5h", "sleep-99999999999999999999s", "sleep"}) {
    EXPECT_LT(readScript(name).duration, 0ms) << name;
  }
  EXPECT_EQ(readScript("log-12x").lines, 0);
}

TEST(DummyScript, wordsForTheJob) {
  EXPECT_TRUE(readScript("lose-request").loseRequest);
  EXPECT_TRUE(readScript("lose-answer").loseAnswer);
  EXPECT_TRUE(readScript("a/refuse").refuse);
  EXPECT_TRUE(readScript("forget_fail").forget);
  EXPECT_TRUE(readScript("lie-terminal").lieTerminal);
  EXPECT_TRUE(readScript("hang-status").hangStatus);
  EXPECT_TRUE(readScript("garbage").garbage);
  EXPECT_TRUE(readScript("deaf_hang").deaf);
  EXPECT_TRUE(readScript("deaf_hang").hang);
}

TEST(DummyScript, everyPartOfALogIsThatPartOfTheWhole) {
  const Script script = readScript("log-1234");
  std::string whole;
  for (int i = 1; i <= 1234; ++i) whole += "line " + std::to_string(i) + "\n";
  const int64_t size = logSize(script, 1s, 1s);
  ASSERT_EQ(size, static_cast<int64_t>(whole.size()));
  for (int64_t offset = 0; offset <= size; offset += 7) {
    for (const int64_t limit : {1, 6, 100}) {
      ASSERT_EQ(logBytes(script, offset, limit, size),
                whole.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(limit)))
          << offset << " " << limit;
    }
  }
}

TEST(DummyScript, aLogGrowsWithTimeByWholeLines) {
  const Script script = readScript("log-100");
  int64_t before = 0;
  for (auto elapsed = 0ms; elapsed <= 1000ms; elapsed += 10ms) {
    const int64_t size = logSize(script, elapsed, 1s);
    ASSERT_GE(size, before);
    if (size > 0) {
      ASSERT_EQ(logBytes(script, size - 1, 1, size), "\n");
    }
    before = size;
  }
  EXPECT_EQ(before, logSize(script, 1h, 1s));
}

TEST(DummyScript, aFloodIsLongAndThenTheLinesFollow) {
  const Script script = readScript("flood_log-2");
  const int64_t size = logSize(script, 1s, 1s);
  EXPECT_EQ(size, (int64_t{64} << 20) + 14);
  EXPECT_EQ(logBytes(script, size - 14, 100, size), "line 1\nline 2\n");
  EXPECT_EQ(logBytes(script, 63, 2, size), "\nA");
}

}  // namespace
}  // namespace testarena::dummy_executor
