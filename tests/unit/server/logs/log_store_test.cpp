// SPDX-License-Identifier: Apache-2.0
#include "log_store.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>

#include <gtest/gtest.h>

#include <testarena/error.h>

namespace testarena::server {
namespace {

class LogStoreTest : public ::testing::Test {
 protected:
  LogStoreTest() {
    std::string pattern = ::testing::TempDir() + "log_store_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~LogStoreTest() override { std::filesystem::remove_all(folder_); }

  std::string all(const LogId& log) { return store().read(log, 0, 1 << 20); }
  LogStore& store() {
    if (!store_) store_ = std::make_unique<LogStore>(folder_ / "jobs");
    return *store_;
  }

  std::filesystem::path folder_;
  std::unique_ptr<LogStore> store_;
};

TEST_F(LogStoreTest, keepsTheBytesOfARunAsTheyWere) {
  const LogId log{1, "smoke/boot", 1};
  const std::string bytes("a\0\xff\r\n\x1b[31mred", 12);
  store().append(log, 0, bytes.substr(0, 5));
  store().append(log, 5, bytes.substr(5));
  EXPECT_EQ(all(log), bytes);
  EXPECT_EQ(store().size(log), 12);
  EXPECT_EQ(store().received(log), 12);
}

TEST_F(LogStoreTest, refusesBytesThatDoNotFollow) {
  const LogId log{1, "a", 1};
  store().append(log, 0, "12345");
  EXPECT_THROW(store().append(log, 0, "12345"), Conflict);
  EXPECT_THROW(store().append(log, 6, "7"), Conflict);
  EXPECT_EQ(all(log), "12345");
}

TEST_F(LogStoreTest, readsFromTheEndAndBeyondIt) {
  const LogId log{1, "a", 1};
  store().append(log, 0, "0123456789");
  EXPECT_EQ(store().read(log, -3, 100), "789");
  EXPECT_EQ(store().read(log, -100, 100), "0123456789");
  EXPECT_EQ(store().read(log, 4, 2), "45");
  EXPECT_EQ(store().read(log, 10, 5), "");
  EXPECT_EQ(store().read(log, int64_t{1} << 59, 5), "");
  EXPECT_EQ(store().read({2, "never", 1}, 0, 5), "");
}

TEST_F(LogStoreTest, runsAndAttemptsDoNotShareALog) {
  store().append({1, "a", 1}, 0, "first");
  store().append({1, "a", 2}, 0, "second");
  store().append({1, "b", 1}, 0, "other");
  EXPECT_EQ(all({1, "a", 1}), "first");
  EXPECT_EQ(all({1, "a", 2}), "second");
  EXPECT_EQ(all({1, "b", 1}), "other");
}

TEST_F(LogStoreTest, namesNeverBecomePaths) {
  for (const std::string name : {"../../escape", "/etc/passwd", "a/b", "..", "job.log", "x"}) {
    store().append({3, name, 1}, 0, name);
    EXPECT_EQ(all({3, name, 1}), name);
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
    if (!entry.is_regular_file()) continue;
    EXPECT_EQ(entry.path().parent_path(), folder_ / "jobs/0/3");
  }
}

TEST_F(LogStoreTest, notesOfTheServerNeverMoveWhatWasRead) {
  const LogId own{1, "", 1};
  store().note(1, "waits for a slot");
  const auto before = all(own);
  store().append(own, 0, "setup output\n");
  store().note(1, "asked to end");
  const auto during = all(own);
  EXPECT_EQ(during, before + "setup output\n");
  store().append(own, 13, "more\n");
  store().finish(own);
  const auto after = all(own);
  EXPECT_EQ(after.substr(0, during.size()), during);
  EXPECT_NE(after.find("asked to end"), std::string::npos);
  EXPECT_EQ(store().size(own), static_cast<int64_t>(after.size()));
  EXPECT_EQ(store().received(own), 18);
}

TEST_F(LogStoreTest, aNoteIsOneLine) {
  store().note(1, "first\nsecond\x1b[2J");
  const auto text = all({1, "", 1});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST_F(LogStoreTest, rangesOverThePartsOfAJobsLogAreWhatTheWholeIs) {
  const LogId own{1, "", 1};
  store().note(1, "head");
  store().append(own, 0, "body body body\n");
  store().finish(own);
  store().note(1, "tail");
  const auto whole = all(own);
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int i = 0; i < 2000; ++i) {
    const auto offset = random() % (whole.size() + 5);
    const auto limit = random() % (whole.size() + 5);
    const auto expected = offset >= whole.size() ? "" : whole.substr(offset, limit);
    ASSERT_EQ(store().read(own, static_cast<int64_t>(offset), static_cast<int64_t>(limit)), expected);
  }
}

TEST_F(LogStoreTest, whatWasRemovedIsGoneAndRemovingTwiceIsNoError) {
  store().append({5, "a", 1}, 0, "text");
  store().remove(5);
  EXPECT_EQ(all({5, "a", 1}), "");
  EXPECT_NO_THROW(store().remove(5));
}

TEST_F(LogStoreTest, goesOnAfterARestart) {
  store().append({5, "a", 1}, 0, "text");
  store_.reset();
  store().append({5, "a", 1}, store().received({5, "a", 1}), " more");
  EXPECT_EQ(all({5, "a", 1}), "text more");
}

}  // namespace
}  // namespace testarena::server
