// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include <gmock/gmock.h>

#include "connection_laboratory.h"

namespace testarena::ssh {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class ConnectionFaults : public testing::Test {
 protected:
  ConnectionFaults() { server_.know(proxy_.port()); }
  ConnectionSettings throughProxy() const { return settingsFor(server_, proxy_.port()); }

  /// Repeats until it works again; a test failure if it never does.
  void waitUntilUp(Laboratory& laboratory) {
    const auto end = Clock::now() + 60s;
    while (codeOf([&] { laboratory.run("true"); }) != Code::ok) {
      ASSERT_LT(Clock::now(), end);
      std::this_thread::sleep_for(50ms);
    }
  }

  test::SshServer server_;
  test::CuttingProxy proxy_{server_.port()};
};

TEST_F(ConnectionFaults, aConnectionCutAnywhereIsUnavailableAndMadeAgain) {
  int64_t whole = 0;
  {
    Laboratory laboratory(throughProxy());
    laboratory.run("head -c 20000 /dev/zero");
    whole = proxy_.bytes();
  }
  ASSERT_GT(whole, 20000);
  Laboratory laboratory(throughProxy());
  for (int i = 0; i < 16; ++i) {
    const int64_t cut = whole * i / 16;
    proxy_.cutAfter(cut);
    const auto begin = Clock::now();
    try {
      const Finished finished = laboratory.run("head -c 20000 /dev/zero", 15s);
      ADD_FAILURE() << "cut after " << cut << " bytes, and got " << finished.output.size();
    } catch (const Unavailable& error) {
      EXPECT_LT(Clock::now() - begin, 14s) << cut;
    }
    proxy_.cutAfter(-1);
    waitUntilUp(laboratory);
    EXPECT_EQ(laboratory.run("head -c 20000 /dev/zero").output.size(), std::size_t{20000});
    server_.endSessions();
  }
}

TEST_F(ConnectionFaults, silenceAtAnyPointOfTheBeginEndsWithTheTimeForConnecting) {
  ConnectionSettings settings = throughProxy();
  settings.connect_timeout = 700ms;
  for (const int64_t bytes : {0, 10, 41, 500, 1000, 1500}) {
    proxy_.stallAfter(bytes);
    const auto begin = Clock::now();
    EXPECT_THAT(refusalOf(settings), HasSubstr("within 700 ms")) << bytes;
    EXPECT_LT(Clock::now() - begin, 6s) << bytes;
  }
  for (const int64_t bytes : {1700, 1800, 1900, 2000}) {  // somewhere between the begin and the first command
    proxy_.stallAfter(bytes);
    const auto begin = Clock::now();
    codeOf([&] { Laboratory(settings).run("true", 5s); });
    EXPECT_LT(Clock::now() - begin, 8s) << bytes;
  }
}

TEST_F(ConnectionFaults, silenceInTheMiddleOfACommandEndsWithItsCall) {
  Laboratory laboratory(throughProxy());
  proxy_.stallAfter(30'000);
  const auto begin = Clock::now();
  EXPECT_EQ(codeOf([&] { laboratory.run("head -c 200000 /dev/zero", 2s); }), Code::deadline_exceeded);
  EXPECT_LT(Clock::now() - begin, 8s);
}

TEST_F(ConnectionFaults, aServerThatIsAwayIsNotAskedAllTheTimeAndFoundWhenItIsBack) {
  Laboratory laboratory(settingsFor(server_));
  EXPECT_TRUE(laboratory.run("true").succeeded());
  server_.stop();
  const auto end = Clock::now() + 2s;
  int refusals = 0;
  while (Clock::now() < end) {
    EXPECT_EQ(codeOf([&] { laboratory.run("true"); }), Code::unavailable);
    ++refusals;
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_GT(refusals, 50) << "most are answered at once, from memory";
  EXPECT_LE(laboratory.reports().size(), 4u) << "said once";
  server_.start();
  waitUntilUp(laboratory);
}

TEST_F(ConnectionFaults, aSessionThatIsEndedWhileIdleIsNotNoticedByAnybody) {
  Laboratory laboratory(throughProxy());
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(laboratory.run("true").succeeded());
    const int64_t before = proxy_.connections();
    server_.endSessions();
    waitUntilUp(laboratory);
    EXPECT_EQ(proxy_.connections(), before + 1);
  }
}

TEST_F(ConnectionFaults, aSessionThatIsEndedUnderACommandSaysThatTheOutcomeIsNotKnown) {
  Laboratory laboratory(settingsFor(server_));
  std::thread killer([&] {
    std::this_thread::sleep_for(500ms);
    server_.endSessions();
  });
  try {
    laboratory.run("sleep 600", 30s);
    ADD_FAILURE() << "it came back";
  } catch (const Unavailable& error) {
    EXPECT_THAT(error.what(), HasSubstr("whether the command has run is not known"));
  }
  killer.join();
  EXPECT_TRUE(laboratory.run("true").succeeded());
}

TEST_F(ConnectionFaults, aServerThatRefusesCommandsDoesNotEndTheConnection) {
  // As a server does whose account may only do something else.
  test::SshServer server({false, {"ForceCommand echo something else"}});
  Laboratory laboratory(settingsFor(server));
  EXPECT_EQ(laboratory.run("echo what was asked").output, "something else\n");
  test::SshServer closed({false, {"MaxSessions 0"}});
  EXPECT_THAT(refusalOf(settingsFor(closed)), HasSubstr("opens no channel"));
}

TEST_F(ConnectionFaults, nobodyListensIsSaidAtOnce) {
  server_.stop();
  const auto begin = Clock::now();
  EXPECT_THAT(refusalOf(settingsFor(server_)), HasSubstr("Connection refused"));
  EXPECT_LT(Clock::now() - begin, 5s);
}

}  // namespace
}  // namespace testarena::ssh
