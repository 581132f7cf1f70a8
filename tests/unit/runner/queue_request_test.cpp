// SPDX-License-Identifier: Apache-2.0
// What POST /queue takes, and how each mistake is told.
#include "queue_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/error.h>

namespace testarena::runner {
namespace {

using testing::HasSubstr;

std::string refusalOf(const std::string& body) {
  try {
    readQueueRequest(body);
  } catch (const Invalid& error) {
    return error.pointer() + ": " + error.what();
  }
  return "taken";
}

TEST(QueueRequest, isReadAsTheProtocolHasIt) {
  const auto request = readQueueRequest(
      R"({"source": "main", "184": ["lab", {"184-1": "checks/boot.xml", "184-2": "checks/halt.xml"}]})");
  EXPECT_EQ(request.id, "184");
  EXPECT_EQ(request.source, "main");
  EXPECT_EQ(request.environment, "lab");
  ASSERT_EQ(request.tasks.size(), 2U);
  EXPECT_EQ(request.tasks[1].id, "184-2");
  EXPECT_EQ(request.tasks[1].scenario, "checks/halt.xml");
  EXPECT_EQ(request.commit, "");
}

TEST(QueueRequest, theIdMayStandBeforeTheSource) {
  EXPECT_EQ(readQueueRequest(R"({"x":["lab",{"t":"a"}],"source":"main"})").id, "x");
}

TEST(QueueRequest, takesWhatOurOwnClientsAdd) {
  const std::string commit(40, 'c');
  const auto request = readQueueRequest(
      R"({"source":"main","x":["lab",{"t":"a"},{"commit":")" + commit +
      R"(","user":"ada","priority":-5,"labels":["can"],"runs":[{"scenario":"a","path":"a.sh","attempt":2}],)"
      R"("something":"that a later version adds"}]})");
  EXPECT_EQ(request.commit, commit);
  EXPECT_EQ(request.user, "ada");
  EXPECT_EQ(request.priority, -5);
  EXPECT_EQ(request.labels, std::vector<std::string>{"can"});
  EXPECT_EQ(request.runs.at(0).attempt, 2);
}

TEST(QueueRequest, theSameContentIsTheSameHoweverItIsSpelt) {
  const auto content = [](const std::string& body) { return readQueueRequest(body).content(); };
  const std::string first = content(R"({"source":"main","x":["lab",{"t":"a","u":"b"}]})");
  EXPECT_EQ(first, content(R"({ "x" : ["lab", {"u":"b", "t":"\u0061"}, {}], "source":"main" })"));
  EXPECT_NE(first, content(R"({"source":"main","x":["lab",{"t":"b","u":"a"}]})"));
  EXPECT_NE(first, content(R"({"source":"main","x":["lab",{"t":"a"}]})"));
  EXPECT_NE(first, content(R"({"source":"dev","x":["lab",{"t":"a","u":"b"}]})"));
  EXPECT_NE(first, content(R"({"source":"main","x":["lab",{"t":"a","u":"b"},{"priority":1}]})"));
}

TEST(QueueRequest, everyMistakeIsRefusedWithItsPlace) {
  const struct {
    const char* body;
    const char* said;
  } cases[] = {
      {"", ""},
      {"{", ""},
      {"[]", "must be a JSON object"},
      {"null", "must be a JSON object"},
      {R"({"source":"main"})", "exactly one member"},
      {R"({"x":["lab",{"t":"a"}]})", "/source: 'source' is missing"},
      {R"({"source":"main","x":["lab",{"t":"a"}],"y":["lab",{"u":"a"}]})", "it has 2"},
      {R"({"source":"main","x":["lab",{"t":"a"}],"x":["lab",{"t":"a"}]})", "x"},
      {R"({"source":7,"x":["lab",{"t":"a"}]})", "/source: must be a text"},
      {R"({"source":"","x":["lab",{"t":"a"}]})", "/source: must not be empty"},
      {R"({"source":"a\u0000b","x":["lab",{"t":"a"}]})", ""},
      {R"({"source":"a\nb","x":["lab",{"t":"a"}]})", "/source: holds a control character"},
      {R"({"source":"main","../x":["lab",{"t":"a"}]})", "cannot be the id of a queue"},
      {R"({"source":"main","":["lab",{"t":"a"}]})", "cannot be the id of a queue"},
      {R"({"source":"main","x":"lab"})", "/x: must be a list"},
      {R"({"source":"main","x":["lab"]})", "/x: must be a list"},
      {R"({"source":"main","x":["lab",{"t":"a"},{},{}]})", "/x: must be a list"},
      {R"({"source":"main","x":[7,{"t":"a"}]})", "/x/0: must be a text"},
      {R"({"source":"main","x":["lab",["t"]]})", "/x/1: must be an object"},
      {R"({"source":"main","x":["lab",{}]})", "/x/1: a queue has at least one task"},
      {R"({"source":"main","x":["lab",{"t":7}]})", "/x/1/t: must be a text"},
      {R"({"source":"main","x":["lab",{"t":""}]})", "/x/1/t: must not be empty"},
      {R"({"source":"main","x":["lab",{"t/u":"a"}]})", "/x/1/t~1u: 't/u' cannot be the id of a task"},
      {R"({"source":"main","x":["lab",{"x":"a"}]})", "cannot have the id of its queue"},
      {R"({"source":"main","x":["lab",{"t":"a","t":"b"}]})", "t"},
      {R"({"source":"main","x":["lab",{"t":"a"},[]]})", "/x/2: must be an object"},
      {R"({"source":"main","x":["lab",{"t":"a"},{"commit":"main"}]})", "/x/2/commit: must be the full name"},
      {R"({"source":"main","x":["lab",{"t":"a"},{"commit":7}]})", "/x/2/commit: must be a text"},
      {R"({"source":"main","x":["lab",{"t":"a"},{"priority":"high"}]})", "/x/2/priority: must be a whole number"},
      {R"({"source":"main","x":["lab",{"t":"a"},{"priority":1.5}]})", "/x/2/priority: must be a whole number"},
      {R"({"source":"main","x":["lab",{"t":"a"},{"labels":"can"}]})", "/x/2/labels: must be a list"},
      {R"({"source":"main","x":["lab",{"t":"a"},{"labels":[1]}]})", "/x/2/labels/0: must be a text"},
      {R"({"source":"main","x":["lab",{"t":"a"},{"runs":[]}]})", "/x/2/runs: must be a list with one element"},
      {R"({"source":"main","x":["lab",{"t":"a"},{"runs":[7]}]})", "/x/2/runs/0"},
      {R"({"source":"main","x":["lab",{"t":"a"},{"runs":[{}]}]})", "/x/2/runs/0/scenario: must not be empty"},
      {R"({"source":"main","x":["lab",{"t":"a"},{"runs":[{"scenario":"a","attempt":0}]}]})", "attempts count from 1"},
  };
  for (const auto& [body, said] : cases) {
    const std::string refusal = refusalOf(body);
    EXPECT_NE(refusal, "taken") << body;
    EXPECT_THAT(refusal, HasSubstr(said)) << body;
    EXPECT_LT(refusal.size(), 400U) << body;
  }
}

TEST(QueueRequest, lengthsAreBounded) {
  const std::string longText(2000, 'a');
  EXPECT_THAT(refusalOf(R"({"source":")" + longText + R"(","x":["lab",{"t":"a"}]})"), HasSubstr("1024 bytes"));
  EXPECT_THAT(refusalOf(R"({"source":"main","x":["lab",{"t":")" + longText + R"("}]})"), HasSubstr("1024 bytes"));
  EXPECT_THAT(refusalOf(R"({"source":"main",")" + longText + R"(":["lab",{"t":"a"}]})"), HasSubstr("cannot be the id"));
  std::string deep = R"({"source":"main","x":["lab",)" + std::string(1000, '[') + std::string(1000, ']') + "]}";
  EXPECT_NE(refusalOf(deep), "taken");
}

}  // namespace
}  // namespace testarena::runner
