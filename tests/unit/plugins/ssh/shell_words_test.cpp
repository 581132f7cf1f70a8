// SPDX-License-Identifier: Apache-2.0
#include "shell_words.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <testarena/error.h>

#include "program.h"

namespace testarena::ssh {
namespace {

/// What the real shell makes of the words.
std::vector<std::string> throughShell(const std::vector<std::string>& words) {
  std::vector<std::string> argv{"printf", "%s\\0"};
  argv.insert(argv.end(), words.begin(), words.end());
  process::Program program;
  program.argv = {"/bin/sh", "-c", commandLine(argv)};
  program.environment = {"PATH=/usr/bin:/bin"};
  const process::Finished finished = process::run(program, Call(std::chrono::seconds(60)));
  EXPECT_TRUE(finished.succeeded()) << finished.reason << finished.error_output;
  std::vector<std::string> result;
  for (std::size_t begin = 0; begin < finished.output.size();) {
    const std::size_t end = finished.output.find('\0', begin);
    result.push_back(finished.output.substr(begin, end - begin));
    begin = end + 1;
  }
  return result;
}

rc::Gen<std::string> word() {
  const auto byte = rc::gen::map(rc::gen::inRange(1, 256), [](int value) { return static_cast<char>(value); });
  const auto special = rc::gen::elementOf(std::string("'\"\\$`!*?[]{}()<>|&;#~= \t\n\r-^%"));
  return rc::gen::container<std::string>(rc::gen::oneOf(byte, special));
}

TEST(ShellWords, everyByteButNulComesBack) {
  std::vector<std::string> words;
  std::string all;
  for (int value = 1; value < 256; ++value) {
    words.emplace_back(1, static_cast<char>(value));
    all += static_cast<char>(value);
  }
  words.push_back(all);
  words.push_back("");
  EXPECT_EQ(throughShell(words), words);
}

TEST(ShellWords, anyWordsComeBackFromTheRealShell) {
  // 100 lines of 300 words: a shell for each word would take minutes.
  EXPECT_TRUE(rc::check([] {
    const auto words = *rc::gen::container<std::vector<std::string>>(300, word());
    RC_ASSERT(throughShell(words) == words);
  }));
}

TEST(ShellWords, whatNeedsNoQuotesHasNone) {
  EXPECT_EQ(commandLine({"git", "-C", "/srv/x.git", "ls-tree"}), "git -C /srv/x.git ls-tree");
  EXPECT_EQ(commandLine({"a b", "it's", ""}), "'a b' 'it'\\''s' ''");
}

TEST(ShellWords, aNulAndACommandOfNothingAreInvalid) {
  EXPECT_THROW(shellQuoted(std::string("a\0b", 3)), Invalid);
  EXPECT_THROW(commandLine({}), Invalid);
}

}  // namespace
}  // namespace testarena::ssh
