// SPDX-License-Identifier: Apache-2.0
#include "log.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdlib.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <testarena/error.h>
#include <testarena/utf8.h>

#include "json_reader.h"
#include "log_line.h"
#include "secret.h"
#include "temporary_folder.h"

namespace testarena {
namespace {

/// Catches lines for as long as it lives.
class Caught {
 public:
  explicit Caught(LogFormat format = LogFormat::text, LogSeverity level = LogSeverity::info) {
    configureLog({format, level, [this](std::string_view line) { lines_.emplace_back(line); }});
  }
  ~Caught() { configureLog({}); }

  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::vector<std::string> lines_;
};

TEST(Log, aLineSaysWhenWhoAndWhat) {
  const Caught caught;
  Logger("executor lab-1").warning("job {}: status not read: {}", 184, "connection reset");
  ASSERT_EQ(caught.lines().size(), 1U);
  const std::string& line = caught.lines()[0];
  EXPECT_EQ(line.substr(27), " warning executor lab-1: job 184: status not read: connection reset");
  EXPECT_EQ(line[10], 'T');
  EXPECT_EQ(line[26], 'Z');
}

TEST(Log, fieldsAndTheTraceFollowTheMessage) {
  const Caught caught;
  const TraceScope outer("req-1");
  const Logger log("http");
  {
    const TraceScope inner("req-2");
    log.write(LogSeverity::info, {{"job", "17"}, {"user", "a \"b\"=c"}}, "served");
    EXPECT_EQ(currentTrace(), "req-2");
  }
  log.info("done");
  ASSERT_EQ(caught.lines().size(), 2U);
  EXPECT_NE(caught.lines()[0].find(R"(http: served job=17 user="a \"b\"=c" trace=req-2)"), std::string::npos)
      << caught.lines()[0];
  EXPECT_NE(caught.lines()[1].find("done trace=req-1"), std::string::npos);
}

TEST(Log, theLevelCanBeChangedWhileRunning) {
  const Caught caught;
  const Logger log("x");
  log.debug("not seen");
  setLogLevel(LogSeverity::debug);
  log.debug("seen");
  setLogLevel(LogSeverity::error);
  log.warning("not seen");
  ASSERT_EQ(caught.lines().size(), 1U);
  EXPECT_NE(caught.lines()[0].find("debug   x: seen"), std::string::npos);
}

TEST(Log, levelsAndFormatsAreReadByName) {
  EXPECT_EQ(logSeverityFrom("warning"), LogSeverity::warning);
  EXPECT_EQ(logFormatFrom("json"), LogFormat::json);
  EXPECT_THROW(logSeverityFrom("warn"), Invalid);
  EXPECT_THROW(logFormatFrom(""), Invalid);
}

// What somebody could put into a user name, a branch or a remote's answer to forge a line or to steer a terminal.
const std::vector<std::string> kHostile = {"x\n2026-01-01T00:00:00.000000Z info    session: admin logged in",
                                           "a\r\nb",
                                           "\x1b[2Jcleared",
                                           "\x1b]8;;javascript:alert(1)\a",
                                           "tab\there",
                                           std::string("nul\0byte", 8),
                                           "\xC2\x9B"
                                           "31mC1",
                                           "\xE2\x80\xA8line separator",
                                           "\xE2\x80\xA9paragraph",
                                           "\xE2\x80\xAE"
                                           "gnp.exe",
                                           "\xE2\x81\xA6isolate",
                                           "\x7F",
                                           "\xFF\xFE no UTF-8",
                                           "\xEF\xBB\xBF"
                                           "bom",
                                           "quote\"and\\backslash"};

bool hasControl(const std::string& line) {
  return std::any_of(line.begin(), line.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

TEST(Log, noTextCanForgeALineOrSteerATerminal) {
  for (const LogFormat format : {LogFormat::text, LogFormat::json}) {
    const Caught caught(format);
    for (const std::string& hostile : kHostile) {
      const TraceScope trace(hostile);
      Logger(hostile).write(LogSeverity::info, {{"user", hostile}}, "login of {}", hostile);
    }
    ASSERT_EQ(caught.lines().size(), kHostile.size());
    for (const std::string& line : caught.lines()) {
      EXPECT_FALSE(hasControl(line)) << line;
      for (const std::string_view bad :
           {"\xC2\x9B", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xEF\xBB\xBF", "\xFF"}) {
        EXPECT_EQ(line.find(bad), std::string::npos) << line;
      }
    }
  }
}

TEST(Log, escapesAreReadable) {
  std::string out;
  appendVisible(out, "a\nb\x1b[31m\xE2\x80\xAE\xFF é 日本");
  EXPECT_EQ(out, "a\\nb\\x1b[31m\\u202e\\xff é 日本");
}

TEST(Log, aJsonLineIsStrictJsonWithTheTextUnchanged) {
  for (const std::string& hostile : kHostile) {
    // The strict reader takes neither a zero nor what was no UTF-8 in the first place.
    if (hostile.find('\0') != std::string::npos || !isUtf8(hostile)) continue;
    const Caught caught(LogFormat::json);
    Logger("c").write(LogSeverity::error, {{"user", hostile}}, "{}", hostile);
    const Value value = parseJson(caught.lines().at(0));
    EXPECT_EQ(value.find("level")->text(), "error");
    EXPECT_EQ(value.find("component")->text(), "c");
    EXPECT_EQ(value.find("message")->text(), hostile);
    EXPECT_EQ(value.find("user")->text(), hostile);
  }
}

TEST(Log, aMegabyteIsCutAndSaysSo) {
  for (const LogFormat format : {LogFormat::text, LogFormat::json}) {
    const Caught caught(format);
    Logger("http").info("user agent {}", std::string(1 << 20, 'x'));
    ASSERT_EQ(caught.lines().size(), 1U);
    EXPECT_LT(caught.lines()[0].size(), 17'000U);
    EXPECT_NE(caught.lines()[0].find("bytes more)"), std::string::npos);
  }
}

TEST(Log, aSecretPrintsAsStars) {
  const Secret secret("hunter2hunter2hunter2");
  std::ostringstream stream;
  stream << secret;
  EXPECT_EQ(stream.str(), "***");
  EXPECT_EQ(fmt::format("{}", secret), "***");
  const Caught caught;
  Logger("ldap").info("bind with {}", secret);
  EXPECT_NE(caught.lines()[0].find("bind with ***"), std::string::npos);
  EXPECT_EQ(secret.reveal(), "hunter2hunter2hunter2");
}

TEST(Log, aMovedSecretLeavesNothingBehind) {
  Secret first("short");
  Secret second = std::move(first);
  EXPECT_EQ(second.reveal(), "short");
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
  second = Secret("other");
  EXPECT_EQ(second.reveal(), "other");
}

TEST(Log, linesOfManyThreadsStayWhole) {
  std::vector<std::string> lines;
  configureLog({LogFormat::text, LogSeverity::info, [&lines](std::string_view line) { lines.emplace_back(line); }});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      const TraceScope trace("t" + std::to_string(t));
      for (int i = 0; i < 200; ++i) Logger("worker").info("{} {}", t, std::string(100, static_cast<char>('a' + t)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  configureLog({});
  ASSERT_EQ(lines.size(), 800U);
  for (const std::string& line : lines) {
    const char t = line[line.find("worker: ") + 8];
    EXPECT_NE(line.find(std::string(100, static_cast<char>('a' + (t - '0'))) + " trace=t" + t), std::string::npos)
        << line;
  }
}

/// What a line looks like on standard error.
std::string onStandardError() {
  const test::TemporaryFolder folder;
  const std::string file = (folder.path() / "log").string();
  const int before = ::dup(STDERR_FILENO);
  EXPECT_NE(std::freopen(file.c_str(), "w", stderr), nullptr);
  configureLog({});
  Logger("main").error("bad");
  std::fflush(stderr);
  ::dup2(before, STDERR_FILENO);
  ::close(before);
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Log, theJournalGetsThePriorityInsteadOfTheTime) {
  ::unsetenv("JOURNAL_STREAM");
  EXPECT_EQ(onStandardError().substr(26), "Z error   main: bad\n");
  ::setenv("JOURNAL_STREAM", "8:1", 1);
  EXPECT_EQ(onStandardError(), "<3>error   main: bad\n");
  ::unsetenv("JOURNAL_STREAM");
  configureLog({});
}

}  // namespace
}  // namespace testarena
