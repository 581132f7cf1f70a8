// SPDX-License-Identifier: Apache-2.0
#include "ctest_lister.h"

#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/call.h>
#include <testarena/error.h>

#include "program.h"
#include "temporary_folder.h"

namespace testarena::manifest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

/// A folder in which ctest finds tests, without a project to build: the file that CMake writes for it, by hand.
class CtestTest : public testing::Test {
 protected:
  test::TemporaryFolder folder_;

  void tests(const std::string& text) { test::writeFile(folder_ / "build/CTestTestfile.cmake", text); }

  process::Finished run(const std::vector<std::string>& argv) {
    process::Program program;
    program.argv = argv;
    program.environment = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8"};
    program.folder = folder_.path().string();
    return process::run(program, Call(std::chrono::minutes(1)));
  }

  Listing list() {
    const process::Finished finished = run(ctestListCommand("build"));
    EXPECT_TRUE(finished.succeeded()) << finished.reason << finished.error_output;
    return parseCtestListing(finished.output);
  }

  std::string junit() { return (folder_ / "junit.xml").string(); }

  process::Finished runTest(const std::string& name) { return run(ctestRunCommand("build", name, junit())); }

  CtestVerdict verdict(const std::string& name) { return readCtestVerdict(test::readFile(junit()), name); }
};

TEST_F(CtestTest, listsWhatCtestKnows) {
  tests(R"(add_test(first "/bin/true")
add_test([=[second one]=] "/bin/false")
set_tests_properties([=[second one]=] PROPERTIES TIMEOUT "1.5" LABELS "slow;board" DISABLED "TRUE")
)");
  const Listing listing = list();
  ASSERT_THAT(listing.tests, SizeIs(2));
  EXPECT_EQ(listing.tests[0].name, "first");
  EXPECT_EQ(listing.tests[0].timeout_s, 0);
  EXPECT_FALSE(listing.tests[0].disabled);
  EXPECT_EQ(listing.tests[1].name, "second one");
  EXPECT_EQ(listing.tests[1].timeout_s, 2);
  EXPECT_TRUE(listing.tests[1].disabled);
  EXPECT_THAT(listing.tests[1].labels, UnorderedElementsAre("slow", "board"));
  EXPECT_THAT(listing.problems, IsEmpty());
}

TEST_F(CtestTest, runsExactlyTheOneTest) {
  const std::vector<std::string> awkward = {"a.b", "axb",       "a.b.c", "x(1)|[2]+*?^$\\",
                                            "-V",  "two words", "a",     "umlaut\xc3\xa4"};
  std::string text;
  for (const std::string& name : awkward)
    text += "add_test([==[" + name + "]==] \"/bin/echo\" \"ran [" + name + "]\")\n";
  tests(text);
  EXPECT_EQ(list().tests.size(), awkward.size());
  for (const std::string& name : awkward) {
    const process::Finished finished = runTest(name);
    EXPECT_TRUE(finished.succeeded()) << name << finished.output << finished.error_output;
    EXPECT_THAT(finished.output, HasSubstr("ran [" + name + "]"));
    EXPECT_THAT(finished.output, HasSubstr("out of 1\n")) << name;
    EXPECT_EQ(verdict(name), CtestVerdict::passed) << name;
  }
}

TEST_F(CtestTest, aTestThatIsNotThereFails) {
  tests("add_test(first \"/bin/true\")\n");
  EXPECT_FALSE(runTest("firs").succeeded());
  EXPECT_FALSE(runTest("").succeeded());
}

TEST_F(CtestTest, tellsSkippedFromPassed) {
  tests(R"(add_test(passes "/bin/true")
add_test(fails "/bin/false")
add_test(skips "/bin/sh" "-c" "exit 4")
set_tests_properties(skips PROPERTIES SKIP_RETURN_CODE "4")
add_test(off "/bin/true")
set_tests_properties(off PROPERTIES DISABLED "TRUE")
add_test(missing "/no/such/program")
add_test(prepare "/bin/false")
set_tests_properties(prepare PROPERTIES FIXTURES_SETUP "board")
add_test(unprepared "/bin/true")
set_tests_properties(unprepared PROPERTIES FIXTURES_REQUIRED "board")
add_test([=[<a> & "b"]=] "/bin/true")
)");
  EXPECT_TRUE(runTest("passes").succeeded());
  EXPECT_EQ(verdict("passes"), CtestVerdict::passed);
  EXPECT_EQ(verdict("fails"), CtestVerdict::unknown);
  EXPECT_FALSE(runTest("fails").succeeded());
  EXPECT_EQ(verdict("fails"), CtestVerdict::failed);
  EXPECT_TRUE(runTest("skips").succeeded());
  EXPECT_EQ(verdict("skips"), CtestVerdict::skipped);
  runTest("off");  // exits with an error
  EXPECT_EQ(verdict("off"), CtestVerdict::skipped);
  EXPECT_FALSE(runTest("missing").succeeded());
  EXPECT_EQ(verdict("missing"), CtestVerdict::failed);
  EXPECT_FALSE(runTest("unprepared").succeeded());
  EXPECT_EQ(verdict("unprepared"), CtestVerdict::failed);
  EXPECT_TRUE(runTest("<a> & \"b\"").succeeded());
  EXPECT_EQ(verdict("<a> & \"b\""), CtestVerdict::passed);
}

TEST_F(CtestTest, runsTheFixturesATestNeeds) {
  tests(R"(add_test(prepare "/bin/touch" "prepared")
set_tests_properties(prepare PROPERTIES FIXTURES_SETUP "board")
add_test(use "/bin/cat" "prepared")
set_tests_properties(use PROPERTIES FIXTURES_REQUIRED "board")
)");
  EXPECT_TRUE(runTest("use").succeeded());
  EXPECT_EQ(verdict("use"), CtestVerdict::passed);
}

TEST_F(CtestTest, anEmptyFolderHasNoTests) {
  std::filesystem::create_directories(folder_ / "build");
  EXPECT_THAT(list().tests, IsEmpty());
}

TEST(CtestListing, leavesOutWhatCannotBeRunAlone) {
  const Listing listing = parseCtestListing(
      R"({"kind":"ctestInfo","tests":[{"name":"a"},{"name":"a"},{"name":"b\nc"},{"name":""},{"name":"d","properties":[3,{},{"name":"TIMEOUT","value":"x"},{"name":"TIMEOUT","value":-1},{"name":"TIMEOUT","value":1e300},{"name":"DISABLED","value":3},{"name":"LABELS","value":"x"}]}]})");
  ASSERT_THAT(listing.tests, SizeIs(2));
  EXPECT_EQ(listing.tests[1].name, "d");
  EXPECT_EQ(listing.tests[1].timeout_s, 0);
  EXPECT_THAT(listing.problems,
              ElementsAre(HasSubstr("two tests named 'a'"), HasSubstr("control character"), HasSubstr("empty")));
}

TEST(CtestListing, refusesWhatIsNone) {
  for (const char* text :
       {"", "x", "[]", "{}", "3", "null", R"({"kind":"ctestInfo"})", R"({"kind":"other","tests":[]})",
        R"({"kind":"ctestInfo","tests":{}})", R"({"kind":"ctestInfo","tests":[3]})",
        R"({"kind":"ctestInfo","tests":[{"name":3}]})", R"({"kind":"ctestInfo","tests":[{}]})",
        R"({"kind":3,"tests":[]})", R"({"kind":"ctestInfo","tests":[null]})"}) {
    EXPECT_THROW(parseCtestListing(text), Invalid) << text;
  }
  EXPECT_THROW(parseCtestListing(std::string(100000, '[')), Invalid);
}

TEST(CtestVerdict, anyTextIsRead) {
  for (const char* text :
       {"", "<testcase ", "<testcase name=\"a\"", "<testcase name=\"a", "<testcase name=\"a\" status=\"new\"/>"}) {
    EXPECT_EQ(readCtestVerdict(text, "a"), CtestVerdict::unknown) << text;
  }
}

}  // namespace
}  // namespace testarena::manifest
