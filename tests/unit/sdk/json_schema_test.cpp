// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <string>

#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>

#include <testarena/json.h>
#include <testarena/json_schema.h>

namespace testarena {
namespace {

TA_ENUM(Mood, unknown, glad, sad)

struct Leaf {
  Mood mood = Mood::unknown;
  std::optional<Time> at;
  TA_FIELDS(mood, at)
};

struct Whole {
  std::int64_t id = 0;
  bool open = false;
  double ratio = 0;
  std::chrono::milliseconds pause{0};
  std::vector<Leaf> leaves;
  std::map<std::string, std::string> labels;
  TA_FIELDS(id, open, ratio, pause, leaves, labels)
};

struct Tree {
  std::vector<Tree> children;
  TA_FIELDS(children)
};

TEST(JsonSchema, namesTypesAndRequiredFields) {
  EXPECT_EQ(jsonSchema<Leaf>(),
            R"({"type":"object","properties":{"mood":{"type":"string","enum":["unknown","glad","sad"]},)"
            R"("at":{"anyOf":[{"type":"string","format":"date-time"},{"type":"null"}]}},"required":["mood","at"]})");
  EXPECT_EQ(jsonSchema<None>(), R"({"type":"object","properties":{},"required":[]})");
}

TEST(JsonSchema, ofARecordInsideItselfEnds) {
  EXPECT_EQ(
      jsonSchema<Tree>(),
      R"({"type":"object","properties":{"children":{"type":"array","items":{"type":"object"}}},"required":["children"]})");
}

TEST(JsonSchema, hasTheVeryFieldsThatAreWritten) {
  const auto schema = Poco::JSON::Parser().parse(jsonSchema<Whole>()).extract<Poco::JSON::Object::Ptr>();
  const auto written = Poco::JSON::Parser().parse(toJson(Whole{})).extract<Poco::JSON::Object::Ptr>();
  const auto names = written->getNames();
  const auto described = schema->getObject("properties")->getNames();
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()),
            std::set<std::string>(described.begin(), described.end()));
  EXPECT_EQ(schema->getArray("required")->size(), names.size());
}

}  // namespace
}  // namespace testarena
