// SPDX-License-Identifier: Apache-2.0
#include "connection.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>

#include "connection_laboratory.h"
#include "shell_words.h"

namespace testarena::ssh {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class ConnectionTest : public testing::Test {
 protected:
  test::SshServer server_;
};

TEST_F(ConnectionTest, tellsOutputErrorsAndHowItEnded) {
  Laboratory laboratory(settingsFor(server_));
  const Finished good = laboratory.run("printf 'a\\0b'; echo trouble >&2; exit 3");
  EXPECT_EQ(good.output, std::string("a\0b", 3));
  EXPECT_EQ(good.error_output, "trouble\n");
  EXPECT_EQ(good.exit_code, 3);
  EXPECT_FALSE(good.succeeded());
  const Finished killed = laboratory.run("kill -TERM $$");
  EXPECT_EQ(killed.signal, "TERM");
  EXPECT_FALSE(killed.succeeded());
  EXPECT_TRUE(laboratory.run("true").succeeded());
  EXPECT_TRUE(laboratory.reports().empty());
}

TEST_F(ConnectionTest, inputOfAnyLengthArrivesWhole) {
  Laboratory laboratory(settingsFor(server_));
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{100'000}, std::size_t{8} << 20}) {
    std::string input(size, 'x');
    for (std::size_t i = 0; i < size; ++i) input[i] = static_cast<char>(i * 7 + i / 256);
    Command command{"cat", input};
    command.max_output = std::size_t{16} << 20;
    EXPECT_TRUE(laboratory.run(command).output == input) << size;
  }
  EXPECT_TRUE(laboratory.run(Command{"exec <&-; true", std::string(std::size_t{4} << 20, 'x')}).succeeded())
      << "input that nobody reads is no failure";
}

TEST_F(ConnectionTest, oneConnectionCarriesManyCommandsAtOnce) {
  test::CuttingProxy proxy(server_.port());
  server_.know(proxy.port());
  Laboratory laboratory(settingsFor(server_, proxy.port()));
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int i = 0; i < 24; ++i) {  // more than the server allows: the rest waits for its turn
    threads.emplace_back([&, i] {
      const std::string text = std::to_string(i);
      if (laboratory.run("sleep 0.1; echo " + text).output == text + "\n") ++good;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 24);
  EXPECT_EQ(proxy.connections(), 1);
}

TEST_F(ConnectionTest, aServerThatAllowsFewSessionsIsObeyed) {
  test::SshServer server({false, {"MaxSessions 2"}});
  Laboratory laboratory(settingsFor(server));
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { good += laboratory.run("sleep 0.05; echo x").output == "x\n" ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 8);
}

TEST_F(ConnectionTest, aLongCommandDoesNotHoldUpOthers) {
  Laboratory laboratory(settingsFor(server_));
  std::thread slow([&] { EXPECT_EQ(codeOf([&] { laboratory.run("sleep 600", 3s); }), Code::deadline_exceeded); });
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(laboratory.run("true", 2s).succeeded());
  slow.join();
}

TEST_F(ConnectionTest, deadlineAndCancellationEndACallAtOnce) {
  Laboratory laboratory(settingsFor(server_));
  laboratory.run("true");
  auto begin = Clock::now();
  EXPECT_EQ(codeOf([&] { laboratory.run("sleep 600", 300ms); }), Code::deadline_exceeded);
  EXPECT_LT(Clock::now() - begin, 5s);
  std::atomic<bool> cancelled{false};
  std::thread canceller([&] {
    std::this_thread::sleep_for(100ms);
    cancelled = true;
  });
  begin = Clock::now();
  EXPECT_EQ(codeOf([&] {
              Call call(10min, "", [&] { return cancelled.load(); });
              laboratory.connection().run({"sleep 600", {}}, call);
            }),
            Code::cancelled);
  EXPECT_LT(Clock::now() - begin, 5s);
  canceller.join();
  EXPECT_TRUE(laboratory.run("true").succeeded()) << "the connection is as good as before";
}

TEST_F(ConnectionTest, endlessOutputEndsAtTheLimit) {
  Laboratory laboratory(settingsFor(server_));
  Command command{"head -c 1073741824 /dev/zero", {}};
  const auto begin = Clock::now();
  EXPECT_EQ(codeOf([&] { laboratory.run(command); }), Code::exhausted);
  EXPECT_LT(Clock::now() - begin, 15s);
  command.line = "head -c 4194304 /dev/zero";
  EXPECT_EQ(laboratory.run(command).output.size(), std::size_t{4194304}) << "the limit itself is allowed";
  EXPECT_EQ(laboratory.run("head -c 300000 /dev/zero >&2").error_output.size(), std::size_t{65536})
      << "of error output the beginning is kept";
}

TEST_F(ConnectionTest, quotedArgumentsArriveAsTheyWere) {
  Laboratory laboratory(settingsFor(server_));
  std::string all;
  for (int value = 1; value < 256; ++value) all += static_cast<char>(value);
  EXPECT_EQ(laboratory.run(commandLine({"printf", "%s|%s", all, "$(id)"})).output, all + "|$(id)");
  EXPECT_EQ(codeOf([&] { laboratory.run(std::string("a\0b", 3)); }), Code::invalid);
}

TEST_F(ConnectionTest, anUnprivilegedServerServesItsOwnAccount) {
  test::SshServer server({true, {}});
  Laboratory laboratory(settingsFor(server));
  EXPECT_EQ(laboratory.run("id -un").output, server.user() + "\n");
}

TEST_F(ConnectionTest, settingsThatMakeNoSenseAreRefusedWithTheirKey) {
  const auto refusedKey = [&](auto change) {
    ConnectionSettings settings = settingsFor(server_);
    change(settings);
    try {
      check(settings);
    } catch (const Invalid& error) {
      return error.pointer();
    }
    return std::string("accepted");
  };
  using S = ConnectionSettings;
  for (const std::string name : {"", "-oProxyCommand=x", "a b", "$(id)", "a;b", "a`b`", "a\nb", "h/x", "a@b"}) {
    EXPECT_EQ(refusedKey([&](S& s) { s.host = name; }), "/host") << name;
  }
  for (const std::string name : {"", "-l", "a b", "$(id)", "a;b", "%h"}) {
    EXPECT_EQ(refusedKey([&](S& s) { s.user = name; }), "/user") << name;
  }
  EXPECT_EQ(refusedKey([](S& s) { s.port = 0; }), "/port");
  EXPECT_EQ(refusedKey([](S& s) { s.key_file.clear(); }), "/key_file");
  EXPECT_EQ(refusedKey([](S& s) { s.known_hosts_file.clear(); }), "/known_hosts_file");
  EXPECT_EQ(refusedKey([](S& s) { s.host_key = "SHA256:x"; }), "/known_hosts_file");
  EXPECT_EQ(refusedKey([](S& s) { s.connect_timeout = 0ms; }), "/connect_timeout");
  EXPECT_EQ(refusedKey([](S&) {}), "accepted");
}

}  // namespace
}  // namespace testarena::ssh
