// SPDX-License-Identifier: Apache-2.0
#include "executor_contract.h"

namespace testarena::contract {
namespace {

TEST_P(ExecutorContract, aPrefixOfALogNeverChanges) {
  TA_NEEDS(writes);
  submit("1", {scenarios().writes});
  waitUntilRunning("1");
  std::vector<std::string> seen;
  const std::string whole = [&] {
    std::string text;
    for (;;) {
      const LogPart part = readLog("1", scenarios().writes, static_cast<int64_t>(text.size()), 1000);
      text += part.data.view();
      seen.push_back(text);
      if (part.complete) return text;
    }
  }();
  EXPECT_GE(whole.size(), 100'000u);
  EXPECT_EQ(wholeLog("1", scenarios().writes), whole);
  for (const std::string& prefix : seen) ASSERT_EQ(whole.compare(0, prefix.size(), prefix), 0);
  EXPECT_EQ(waitForEnd("1").runs.at(0).log_bytes, static_cast<int64_t>(whole.size()));
}

TEST_P(ExecutorContract, aLogIsCompleteOnlyAtItsEnd) {
  TA_NEEDS(writes);
  submit("1", {scenarios().writes});
  waitForEnd("1");
  const std::string whole = wholeLog("1", scenarios().writes);
  const auto size = static_cast<int64_t>(whole.size());
  EXPECT_FALSE(readLog("1", scenarios().writes, 0, 10).complete);
  EXPECT_FALSE(readLog("1", scenarios().writes, size - 10, 9).complete);
  EXPECT_TRUE(readLog("1", scenarios().writes, size - 10, 10).complete);
  EXPECT_TRUE(readLog("1", scenarios().writes, size).complete);
}

TEST_P(ExecutorContract, aLogThatMayGrowIsNotComplete) {
  TA_NEEDS(sleeps);
  submit("1", {scenarios().sleeps});
  waitUntilRunning("1");
  EXPECT_FALSE(readLog("1", scenarios().sleeps, 0).complete);
}

TEST_P(ExecutorContract, partsAreWhatWasAskedFor) {
  TA_NEEDS(writes);
  submit("1", {scenarios().writes});
  waitForEnd("1");
  const std::string whole = wholeLog("1", scenarios().writes);
  for (const int64_t offset : {0, 1, 4095, 4096, 65'537, 99'999}) {
    for (const int64_t limit : {1, 7, 4096}) {
      const LogPart part = readLog("1", scenarios().writes, offset, limit);
      ASSERT_LE(static_cast<int64_t>(part.data.size()), limit);
      ASSERT_FALSE(part.data.empty());
      ASSERT_EQ(whole.substr(static_cast<std::size_t>(offset), part.data.size()), part.data.view());
    }
  }
}

TEST_P(ExecutorContract, anOffsetBeyondTheEndIsNoErrorAndNoData) {
  TA_NEEDS(passes);
  submit("1", {scenarios().passes});
  waitForEnd("1");
  const LogPart part = readLog("1", scenarios().passes, int64_t{1} << 52);
  EXPECT_TRUE(part.data.empty());
  EXPECT_TRUE(part.complete);
}

TEST_P(ExecutorContract, theLogOfAJobOrRunThatIsNotKnownIsNotFound) {
  TA_NEEDS(passes);
  submit("1", {scenarios().passes});
  waitForEnd("1");
  EXPECT_EQ(codeOf([&] { readLog("2", scenarios().passes, 0); }), Code::not_found);
  EXPECT_EQ(codeOf([&] { readLog("2", "", 0); }), Code::not_found);
  EXPECT_EQ(codeOf([&] { readLog("1", scenarios().passes + "x", 0); }), Code::not_found);
  Call call(std::chrono::seconds(30));
  EXPECT_EQ(codeOf([&] {
              executor().read_log({"1", ref("1").handle, scenarios().passes, 2, 0, 10}, call);
            }),
            Code::not_found);
}

TEST_P(ExecutorContract, theLogOfTheJobItselfIsCompleteInTheEnd) {
  TA_NEEDS(passes);
  submit("1", {scenarios().passes});
  const JobStatus job = waitForEnd("1");
  EXPECT_EQ(static_cast<int64_t>(wholeLog("1", "").size()), job.log_bytes);
}

TEST_P(ExecutorContract, artifactsAreListedAndReadByOffset) {
  TA_NEEDS(passes);
  if (!capabilities().artifacts) GTEST_SKIP() << "this executor keeps no artifacts";
  submit("1", {scenarios().passes});
  waitForEnd("1");
  Call call(std::chrono::seconds(30));
  const Artifacts list = executor().list_artifacts({"1", ref("1").handle, scenarios().passes, 1}, call);
  for (const Artifact& artifact : list.artifacts) {
    ArtifactRequest request{"1", ref("1").handle, scenarios().passes, 1, artifact.name, 0, 1 << 20};
    EXPECT_EQ(static_cast<int64_t>(executor().read_artifact(request, call).data.size()),
              std::min<int64_t>(artifact.size, 1 << 20));
    request.offset = artifact.size;
    const LogPart end = executor().read_artifact(request, call);
    EXPECT_TRUE(end.complete);
    EXPECT_TRUE(end.data.empty());
  }
  for (const std::string name : {"", "..", "../order", "/etc/passwd", "no such file", "a/../../order"}) {
    const ArtifactRequest request{"1", ref("1").handle, scenarios().passes, 1, name, 0, 100};
    EXPECT_EQ(codeOf([&] { executor().read_artifact(request, call); }), Code::not_found) << name;
  }
}

}  // namespace
}  // namespace testarena::contract
