// SPDX-License-Identifier: Apache-2.0
#include "plan_text.h"

#include <chrono>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "program.h"

namespace testarena::ssh_executor {
namespace {

rc::Gen<std::string> text() {
  const auto byte = rc::gen::map(rc::gen::inRange(1, 256), [](int value) { return static_cast<char>(value); });
  const auto special = rc::gen::elementOf(std::string("'\"\\$`;&|\n #="));
  return rc::gen::container<std::string>(rc::gen::oneOf(byte, special));
}

std::string shell(const std::string& script) {
  process::Program program;
  program.argv = {"/bin/sh", "-c", script};
  program.environment = {"PATH=/usr/bin:/bin"};
  const process::Finished finished = process::run(program, Call(std::chrono::seconds(60)));
  EXPECT_TRUE(finished.succeeded()) << finished.reason << finished.error_output;
  return finished.output;
}

TEST(PlanText, whateverStandsInAJobTheShellReadsTheSameWords) {
  EXPECT_TRUE(rc::check([] {
    local_executor::JobOrder order;
    order.submission = {"1", *text(), *text(), *text(), std::string(40, 'a'), {}};
    local_executor::PlannedRun run;
    run.request.scenario = *text();
    run.command = {"program", *text(), *text()};
    order.runs.push_back(run);
    order.submission.runs.push_back(run.request);
    Terms terms;
    terms.repository = *text();
    terms.variables = {"PATH=" + *text()};
    terms.path = *text();
    const Record record = makeRecord(order, terms);
    const std::string plan = planText(record, terms);
    const std::string read =
        shell("show() { printf '%s\\0' \"$@\"; }\nsourced() {\n" + plan.substr(0, plan.find("return 0\n#record")) +
              "}\nsourced\nprintf '%s\\0%s\\0' \"$repository\" \"$path\"\nwith_variables show\ncommand_0 show\n"
              "printf '%s' \"$scenario\"");
    const std::string end(1, '\0');
    RC_ASSERT(read == terms.repository + end + terms.path + end + terms.variables[0] + end + run.command[0] + end +
                          run.command[1] + end + run.command[2] + end + run.request.scenario);
    const std::string mark = "\n#record\n";
    const Record again = readRecord(std::string_view(plan).substr(plan.rfind(mark) + mark.size()));
    RC_ASSERT(again.order.submission == order.submission);
    RC_ASSERT(again.order.runs[0].command == run.command);
  }));
}

TEST(PlanText, aProgramThatEnvWouldTakeForAVariableIsRefused) {
  local_executor::JobOrder order;
  local_executor::PlannedRun run;
  run.request.scenario = "a";
  run.command = {"A=b"};
  order.runs.push_back(run);
  const Terms terms;
  EXPECT_THROW(planText(makeRecord(order, terms), terms), Invalid);
}

TEST(PlanText, aDamagedRecordIsSaid) {
  EXPECT_THROW(readRecord(""), Unavailable);
  EXPECT_THROW(readRecord("job 1\nend\n"), Unavailable);
}

}  // namespace
}  // namespace testarena::ssh_executor
