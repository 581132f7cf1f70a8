// SPDX-License-Identifier: Apache-2.0
// The tests of a CMake project as scenarios, by real CMake and ctest.
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "laboratory.h"

namespace testarena {
namespace {

using test::Laboratory;
using testing::HasSubstr;

constexpr const char* kManifest =
    "[setup]\ncommand = [\"cmake\", \"-S\", \".\", \"-B\", \"build\"]\n"
    "[[scenarios]]\nname = \"lint\"\ncommand = [\"true\"]\n"
    "[[scenarios]]\nlister = \"ctest\"\nbuild_dir = \"build\"\n";

constexpr const char* kProject = "cmake_minimum_required(VERSION 3.20)\nproject(demo NONE)\nenable_testing()\n";

class Ctest : public testing::Test {
 protected:
  void project(const std::string& tests) {
    lab.write(".testarena.toml", kManifest);
    lab.write("CMakeLists.txt", kProject + tests);
  }

  std::map<std::string, RunStatus> runAll(const std::string& job = "1") {
    lab.submit(job, {"ctest"});
    status = lab.waitForEnd(job);
    std::map<std::string, RunStatus> runs;
    for (const RunStatus& run : status.runs) runs[run.scenario] = run;
    return runs;
  }

  Laboratory lab;
  JobStatus status;
};

TEST_F(Ctest, eachTestIsARunWithTheVerdictOfCtest) {
  project(R"(
add_test(NAME passes COMMAND sh -c "echo I am fine; echo $TESTARENA_SCENARIO")
add_test(NAME fails COMMAND sh -c "echo I am not; exit 1")
add_test(NAME "will fail" COMMAND sh -c "exit 1")
set_tests_properties("will fail" PROPERTIES WILL_FAIL TRUE)
add_test(NAME skips COMMAND sh -c "exit 99")
set_tests_properties(skips PROPERTIES SKIP_RETURN_CODE 99)
add_test(NAME disabled COMMAND true)
set_tests_properties(disabled PROPERTIES DISABLED TRUE)
add_test(NAME missing COMMAND /no/such/program)
add_test(NAME prepare COMMAND sh -c "echo ready > fixture")
set_tests_properties(prepare PROPERTIES FIXTURES_SETUP board)
add_test(NAME uses COMMAND sh -c "cat fixture")
set_tests_properties(uses PROPERTIES FIXTURES_REQUIRED board)
add_test(NAME broken COMMAND false)
set_tests_properties(broken PROPERTIES FIXTURES_SETUP farm)
add_test(NAME needs COMMAND true)
set_tests_properties(needs PROPERTIES FIXTURES_REQUIRED farm)
add_test(NAME variable COMMAND sh -c "test \"$COLOUR\" = green")
set_tests_properties(variable PROPERTIES ENVIRONMENT COLOUR=green)
add_test(NAME expression COMMAND sh -c "echo bad; exit 1")
set_tests_properties(expression PROPERTIES PASS_REGULAR_EXPRESSION bad)
add_test(NAME slow COMMAND sleep 60)
set_tests_properties(slow PROPERTIES TIMEOUT 1)
)");
  const std::map<std::string, RunStatus> runs = runAll();
  const std::map<std::string, State> expected = {
      {"passes", State::passed},  {"fails", State::failed},     {"will fail", State::passed},
      {"skips", State::skipped},  {"disabled", State::skipped}, {"missing", State::failed},
      {"prepare", State::passed}, {"uses", State::passed},      {"broken", State::failed},
      {"needs", State::failed},   {"variable", State::passed},  {"expression", State::passed},
      {"slow", State::failed}};
  EXPECT_EQ(runs.size(), expected.size()) << "and the lister itself is no longer told";
  for (const auto& [name, state] : expected) {
    ASSERT_EQ(runs.count(name), 1u) << name;
    EXPECT_EQ(enumName(runs.at(name).state), enumName(state)) << name << ": " << runs.at(name).reason;
    EXPECT_EQ(runs.at(name).expanded_from, "ctest");
    EXPECT_EQ(runs.at(name).attempt, 1);
  }
  EXPECT_THAT(lab.log("1", "passes"), HasSubstr("1: I am fine\n1: passes\n"));
  EXPECT_THAT(lab.log("1", "passes"), testing::Not(HasSubstr("I am not")));
  EXPECT_THAT(lab.log("1", "fails"), HasSubstr("I am not\n"));
  EXPECT_THAT(lab.log("1", "uses"), HasSubstr("ready\n"));
  EXPECT_EQ(runs.at("missing").reason, "not run: Unable to find executable");
  EXPECT_EQ(runs.at("needs").reason, "not run: Fixture dependency failed");
  EXPECT_THAT(lab.log("1", ""), HasSubstr("Build files have been written to"));
  EXPECT_EQ(status.state, State::failed);
  lab.restart();
  EXPECT_EQ(lab.status("1"), status);
}

TEST_F(Ctest, oneTestCanBeChosenByName) {
  project("add_test(NAME a.b COMMAND sh -c \"echo ran a.b\")\nadd_test(NAME axb COMMAND sh -c \"echo ran axb\")\n");
  Submission submission = lab.submission("1", {"lint"});
  submission.runs.push_back({"a.b", "", 1, "ctest"});
  Call call(std::chrono::seconds(30));
  lab.executor().submit(submission, call);
  status = lab.waitForEnd("1");
  ASSERT_EQ(status.runs.size(), 2u);
  EXPECT_EQ(status.state, State::passed);
  EXPECT_EQ(status.runs[1].scenario, "a.b");
  EXPECT_THAT(lab.log("1", "a.b"), HasSubstr("ran a.b\n"));
  EXPECT_THAT(lab.log("1", "a.b"), testing::Not(HasSubstr("axb")));
}

TEST_F(Ctest, aChosenTestThatIsNotThereIsAnError) {
  project("add_test(NAME a COMMAND true)\n");
  Submission submission = lab.submission("1", {});
  submission.runs.push_back({"gone", "", 1, "ctest"});
  Call call(std::chrono::seconds(30));
  lab.executor().submit(submission, call);
  status = lab.waitForEnd("1");
  EXPECT_EQ(status.runs[0].state, State::errored);
  EXPECT_THAT(status.runs[0].reason, HasSubstr("ctest has not run the test gone"));
}

TEST_F(Ctest, noTestsIsAnErrorThatSaysWhere) {
  project("");
  EXPECT_EQ(runAll().at("ctest").state, State::errored);
  EXPECT_EQ(status.runs[0].reason, "ctest found no tests in build");
  EXPECT_EQ(status.state, State::errored);
}

TEST_F(Ctest, aBuildFolderThatIsNotThereIsAnError) {
  lab.write(".testarena.toml", "[[scenarios]]\nlister = \"ctest\"\nbuild_dir = \"nowhere\"\n");
  EXPECT_EQ(runAll().at("ctest").state, State::errored);
  EXPECT_THAT(status.runs[0].reason, HasSubstr("nowhere"));
}

TEST_F(Ctest, testsThatShareALockOrAFixtureNeverRunAtOnceAndSerialOnesRunAlone) {
  lab.settings.slots = 4;
  // Each takes the folder, which only one can have, and fails if it is there.
  const std::string exclusive = " COMMAND sh -c \"mkdir taken && sleep 0.1 && rmdir taken\")\n";
  std::string tests;
  for (const std::string name : {"a", "b", "c"}) {
    tests += "add_test(NAME lock_" + name + exclusive + "set_tests_properties(lock_" + name +
             " PROPERTIES RESOURCE_LOCK \"taken;other_" + name + "\")\n";
  }
  tests += "add_test(NAME serial" + exclusive + "set_tests_properties(serial PROPERTIES RUN_SERIAL TRUE)\n";
  tests +=
      "add_test(NAME last COMMAND sh -c \"test -e first_was_here\")\n"
      "set_tests_properties(last PROPERTIES DEPENDS first)\n"
      "add_test(NAME first COMMAND sh -c \"sleep 0.1; touch first_was_here\")\n";
  project(tests);
  for (const auto& [name, run] : runAll()) EXPECT_EQ(run.state, State::passed) << name << "\n" << lab.log("1", name);

  Submission chosen = lab.submission("2", {});
  for (const std::string name : {"lock_a", "lock_b", "lock_c", "serial"}) chosen.runs.push_back({name, "", 1, "ctest"});
  Call call(std::chrono::seconds(30));
  lab.executor().submit(chosen, call);
  for (const RunStatus& run : lab.waitForEnd("2").runs) {
    EXPECT_EQ(run.state, State::passed) << "chosen by name: " << run.scenario << "\n" << lab.log("2", run.scenario);
  }
}

TEST_F(Ctest, anAbortWhileTestsAreListedOrRunEndsAll) {
  project("add_test(NAME a COMMAND sleep 600)\nadd_test(NAME b COMMAND sleep 600)\nadd_test(NAME c COMMAND true)\n");
  lab.submit("1", {"ctest"});
  lab.waitFor("1",
              [](const JobStatus& job) { return job.runs.size() == 3 && job.runs[1].state == State::in_progress; });
  Call call(std::chrono::seconds(30));
  lab.executor().abort({"1", "1"}, call);
  status = lab.waitForEnd("1");
  EXPECT_EQ(status.state, State::aborted);
  for (const RunStatus& run : status.runs) EXPECT_EQ(run.state, State::aborted) << run.scenario;
}

}  // namespace
}  // namespace testarena
