// SPDX-License-Identifier: Apache-2.0
// Logs that are given only as a whole: read in parts, never changed behind a reader's back, never in memory.
#include "log_fetcher.h"

#include <mutex>

#include <gtest/gtest.h>

#include "log_spool.h"
#include "scripted_server.h"
#include "temporary_folder.h"
#include "test_host.h"

namespace testarena::http_executor {
namespace {

using namespace std::chrono_literals;
using test::answer;

class LogFetcherTest : public testing::Test {
 protected:
  LogFetcherTest()
      : server_([this](test::Peer& peer) {
          for (std::string request = peer.request(); !request.empty(); request = peer.request()) {
            const std::string said = answerTo(request);
            if (!peer.send(said) || said.find("Connection: close") != std::string::npos) return;
          }
        }) {
    Settings settings;
    settings.data = (folder_ / "data").string();
    settings.environment = "lab";
    settings.url = server_.url();
    settings.log_refresh = 100ms;
    settings.log_limit = 1000;
    settings.token = "s3cret";
    profile_ = checked(settings);
    remote_ = std::make_unique<Remote>(profile_, Host(std::make_shared<test::TestHost>()));
    fetcher_ = std::make_unique<LogFetcher>(profile_, *remote_);
  }
  std::string answerTo(const std::string& request) {
    const std::lock_guard lock(mutex_);
    ++fetches_;
    last_ = request;
    return say_;
  }
  void say(std::string raw) {
    const std::lock_guard lock(mutex_);
    say_ = std::move(raw);
  }
  std::string last() {
    const std::lock_guard lock(mutex_);
    return last_;
  }
  int fetches() {
    const std::lock_guard lock(mutex_);
    return fetches_;
  }
  LogState want(bool hasEnded) { return fetcher_->want("7", "1", server_.url() + "/log", hasEnded); }
  LogState waitFor(bool hasEnded, const std::function<bool(const LogState&)>& condition) {
    for (const auto end = std::chrono::steady_clock::now() + 60s; std::chrono::steady_clock::now() < end;) {
      LogState state = want(hasEnded);
      if (condition(state)) return state;
      std::this_thread::sleep_for(5ms);
    }
    throw std::runtime_error("waited in vain");
  }
  LogState settled() {
    return waitFor(true, [](const LogState& state) { return state.settled; });
  }
  LogState waitForBytes(int64_t bytes) {
    return waitFor(false, [&](const LogState& state) { return state.bytes == bytes; });
  }
  std::string text() { return fetcher_->read("7", "1", 0, 1 << 20); }

  const test::TemporaryFolder folder_;
  std::mutex mutex_;
  std::string say_, last_;
  int fetches_ = 0;
  const test::ScriptedServer server_;
  Profile profile_;
  std::unique_ptr<Remote> remote_;
  std::unique_ptr<LogFetcher> fetcher_;
};

TEST_F(LogFetcherTest, aLogGrowsAndIsWholeAfterTheEnd) {
  say(answer(200, "one\n"));
  EXPECT_FALSE(waitForBytes(4).settled);
  say(answer(200, "one\ntwo\n"));
  waitForBytes(8);
  EXPECT_EQ(text(), "one\ntwo\n");
  EXPECT_EQ(fetcher_->read("7", "1", 4, 2), "tw");
  EXPECT_EQ(fetcher_->read("7", "1", 100, 2), "");
  say(answer(200, "one\ntwo\nthree\n"));
  const LogState state = settled();
  EXPECT_EQ(state.problem, "");
  EXPECT_EQ(text(), "one\ntwo\nthree\n") << "fetched once more after the end";
  const int before = fetches();
  settled();
  EXPECT_EQ(fetches(), before) << "and then never again";
}

TEST_F(LogFetcherTest, nothingIsFetchedThatNobodyWants) {
  say(answer(200, "x"));
  waitForBytes(1);
  std::this_thread::sleep_for(50ms);
  const int before = fetches();
  std::this_thread::sleep_for(300ms);  // three times log_refresh: time is what this is about
  EXPECT_LE(fetches(), before + 1);
}

TEST_F(LogFetcherTest, whatWasReadNeverChanges) {
  say(answer(200, "one\ntwo\n"));
  waitForBytes(8);
  say(answer(200, "one\nTWO\nthree\n"));
  EXPECT_NE(settled().problem.find("changed"), std::string::npos);
  EXPECT_EQ(text(), "one\ntwo\n");
}

TEST_F(LogFetcherTest, aLogThatShrankIsNotWhole) {
  say(answer(200, "one\ntwo\n"));
  waitForBytes(8);
  say(answer(200, "one\n"));
  EXPECT_NE(settled().problem.find("shorter"), std::string::npos);
  EXPECT_EQ(text(), "one\ntwo\n");
}

TEST_F(LogFetcherTest, aCutAnswerAddsWhatCameAndIsTriedAgain) {
  say("HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\none\n");
  want(true);
  for (int i = 0; i < 1000 && text() != "one\n"; ++i) std::this_thread::sleep_for(5ms);
  EXPECT_EQ(text(), "one\n");
  EXPECT_FALSE(want(true).settled);
  say(answer(200, "one\ntwo\n"));
  EXPECT_EQ(settled().problem, "");
  EXPECT_EQ(text(), "one\ntwo\n");
}

TEST_F(LogFetcherTest, aLogBeyondTheLimitEndsThere) {
  say(answer(200, std::string(2000, 'x')));
  EXPECT_NE(settled().problem, "");
  say("");
  EXPECT_LE(text().size(), 1000u);
}

TEST_F(LogFetcherTest, aHeadWithoutEndIsNoLogThatIsTooLong) {
  std::string head = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 20'000; ++i) head += "X-More: " + std::to_string(i) + "\r\n";
  say(head);
  want(true);
  while (fetches() == 0) std::this_thread::sleep_for(5ms);
  say(answer(200, "all of it"));
  EXPECT_EQ(settled().problem, "");
  EXPECT_EQ(text(), "all of it");
}

TEST_F(LogFetcherTest, aLogThatIsNotThereIsSaidToBeMissing) {
  say(answer(404, "no such file"));
  EXPECT_NE(settled().problem.find("404"), std::string::npos);
}

TEST_F(LogFetcherTest, aLogThatWasPerhapsNeverWrittenMayBeMissing) {
  const auto wantIt = [&] { return fetcher_->want("7", "1", server_.url() + "/log", true, Written::perhaps); };
  say(answer(500, "busy"));
  wantIt();
  while (fetches() == 0) std::this_thread::sleep_for(5ms);
  EXPECT_FALSE(wantIt().settled) << "that is no answer";
  say(answer(404, "no such file"));
  while (!wantIt().settled) std::this_thread::sleep_for(5ms);
  EXPECT_EQ(wantIt().problem, "");
  EXPECT_EQ(text(), "");
}

TEST_F(LogFetcherTest, theTokenGoesToItsOwnServerOnly) {
  say(answer(200, "x"));
  settled();
  EXPECT_NE(last().find("Bearer s3cret"), std::string::npos);
  test::SharedText elsewhere;
  const test::ScriptedServer other(test::always([&](const std::string& request) {
    elsewhere.set(request);
    return answer(200, "x");
  }));
  while (!fetcher_->want("8", "1", other.url() + "/log", true).settled) std::this_thread::sleep_for(5ms);
  EXPECT_EQ(elsewhere.get().find("s3cret"), std::string::npos);
  EXPECT_EQ(elsewhere.get().find("Authorization"), std::string::npos);
}

TEST_F(LogFetcherTest, aForgottenJobsLogIsGoneEvenWhileItIsFetched) {
  std::atomic<bool> asked{false};
  const test::ScriptedServer slow([&](test::Peer& peer) {
    peer.request();
    asked = true;
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    peer.waitForClose();
  });
  fetcher_->want("9", "1", slow.url() + "/log", false);
  while (!asked) std::this_thread::sleep_for(5ms);
  fetcher_->forget("9");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data/executors/lab/logs/9"));
}

TEST(LogSpool, comparesWhatIsThereAndAddsWhatIsNew) {
  const test::TemporaryFolder folder;
  const auto file = folder / "logs/1";
  EXPECT_EQ(sizeOfSpool(file), 0);
  EXPECT_EQ(readSpool(file, 0, 10), "");
  {
    LogReading reading(file);
    reading.take("hello ");
    reading.take("world");
    EXPECT_TRUE(reading.hasCaughtUp());
  }
  for (std::size_t piece = 1; piece < 14; ++piece) {
    LogReading reading(file);
    const std::string text = "hello world!!";
    for (std::size_t at = 0; at < text.size(); at += piece) reading.take(std::string_view(text).substr(at, piece));
    EXPECT_EQ(reading.size(), 13);
  }
  LogReading shorter(file);
  shorter.take("hello");
  EXPECT_FALSE(shorter.hasCaughtUp());
  LogReading other(file);
  other.take("hello ");
  EXPECT_THROW(other.take("World"), LogChanged);
  EXPECT_EQ(readSpool(file, 6, 5), "world");
}

}  // namespace
}  // namespace testarena::http_executor
