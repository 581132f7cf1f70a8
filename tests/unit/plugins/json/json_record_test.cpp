// SPDX-License-Identifier: Apache-2.0
#include "json_record.h"

#include <gtest/gtest.h>

#include <testarena/executor.h>
#include <testarena/json.h>

namespace testarena::json {
namespace {

using namespace std::chrono_literals;

TEST(JsonRecord, comesBackAsItWasWritten) {
  StatusAnswer answer;
  JobStatus& job = answer.jobs.emplace_back();
  job.job = "7";
  job.state = State::in_progress;
  job.next_poll = 250ms;
  RunStatus& run = job.runs.emplace_back();
  run.scenario = "checks/boot \"é\"";
  run.state = State::failed;
  run.started_at = Time(1'772'366'400'123'456us);
  run.exit_code = -3;
  run.log_bytes = int64_t{1} << 40;
  EXPECT_EQ(read<StatusAnswer>(toJson(answer)), answer);
  EXPECT_EQ(read<ExecutorCapabilities>(toJson(ExecutorCapabilities())), ExecutorCapabilities());
}

TEST(JsonRecord, strangersMembersAreIgnoredAndMissingOnesKeepTheirDefault) {
  const auto health = read<Health>(R"({"state": "fine", "slots": 4, "colour": {"a": [1]}, "message": null})");
  EXPECT_EQ(health.state, HealthState::unknown) << "a newer peer's word";
  EXPECT_EQ(health.slots, 4);
  EXPECT_EQ(health.message, "");
}

TEST(JsonRecord, anotherTypeIsRefusedByName) {
  for (const char* text :
       {R"({"slots": "4"})", R"({"slots": 4.5})", R"({"message": 1})", R"({"state": 1})", "[]", "7"}) {
    EXPECT_THROW(read<Health>(std::string_view(text)), Invalid) << text;
  }
  try {
    read<Health>(std::string_view(R"({"slots": []})"));
  } catch (const Invalid& error) {
    EXPECT_NE(std::string(error.what()).find("'slots'"), std::string::npos);
  }
}

TEST(JsonRecord, timesAreThoseOfRfc3339) {
  EXPECT_EQ(parseTime("2026-03-01T12:00:00Z"), Time(1'772'366'400'000'000us));
  EXPECT_EQ(parseTime("2026-03-01T12:00:00.5Z"), Time(1'772'366'400'500'000us));
  EXPECT_EQ(parseTime("2026-03-01T13:30:00.1234567+01:30"), Time(1'772'366'400'123'456us));
  EXPECT_EQ(parseTime(formatTime(Time(1us))), Time(1us));
  for (const char* text :
       {"", "2026", "2026-03-01", "2026-03-01T12:00:00", "2026-13-01T12:00:00Z", "2026-03-01T12:00:00.Z",
        "2026-03-01T12:00:00Zx", "2026-03-01T12:00:00+1", "-026-03-01T12:00:00Z"}) {
    EXPECT_EQ(parseTime(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace testarena::json
