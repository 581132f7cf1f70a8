// SPDX-License-Identifier: Apache-2.0
#include "json_reader.h"

#include <cstdlib>
#include <map>
#include <optional>

#include <gtest/gtest.h>

#include <testarena/enum.h>

#include "random.h"

namespace testarena {

TA_ENUM(Color, unknown, red, green)

namespace {

struct Inner {
  std::string name;
  TA_FIELDS(name)
};

struct Body {
  std::string environment;
  std::vector<std::string> scenarios;
  std::optional<int64_t> limit;
  std::optional<double> ratio;
  std::optional<bool> force;
  std::optional<Color> color;
  std::optional<Time> at;
  std::optional<std::vector<Inner>> inner;
  std::optional<std::map<std::string, int64_t>> counts;
  TA_FIELDS(environment, scenarios, limit, ratio, force, color, at, inner, counts)
};

std::vector<std::string> problemsOf(std::string_view text, JsonLimits limits = {}) {
  try {
    readJson<Body>(text, limits);
    return {};
  } catch (const JsonRefused& refused) {
    std::vector<std::string> lines;
    for (const JsonProblem& problem : refused.problems()) lines.push_back(problem.pointer + ": " + problem.message);
    return lines;
  }
}

std::string refusal(std::string_view text) {
  try {
    parseJson(text);
    return {};
  } catch (const JsonRefused& refused) {
    return refused.what();
  }
}

TEST(JsonReader, readsARecord) {
  const Body body = readJson<Body>(
      R"({"environment": "lab-1", "scenarios": ["a", "\u00e9\ud83d\ude00\n"], "limit": -9223372036854775808, "ratio": 1e-3,
          "force": true, "color": "green", "at": "2026-03-01T12:00:00Z", "inner": [{"name": "x"}], "counts": {"a/b": 1}})");
  EXPECT_EQ(body.environment, "lab-1");
  EXPECT_EQ(body.scenarios, (std::vector<std::string>{"a", "é😀\n"}));
  EXPECT_EQ(body.limit, INT64_MIN);
  EXPECT_EQ(body.ratio, 1e-3);
  EXPECT_EQ(body.force, true);
  EXPECT_EQ(body.color, Color::green);
  EXPECT_EQ(formatTime(*body.at), "2026-03-01T12:00:00.000000Z");
  EXPECT_EQ(body.inner->at(0).name, "x");
  EXPECT_EQ(body.counts->at("a/b"), 1);
}

TEST(JsonReader, anOptionalFieldMayBeMissingOrNull) {
  const Body body = readJson<Body>(R"({"environment": "e", "scenarios": [], "limit": null})");
  EXPECT_FALSE(body.limit);
  EXPECT_FALSE(body.ratio);
}

TEST(JsonReader, saysEverythingThatIsWrongAtOnce) {
  EXPECT_EQ(
      problemsOf(
          R"({"scenario": ["a"], "limit": 1.0, "color": "gren", "inner": [{"name": "x"}, {"nme": 1}], "counts": {"a/b~": "1"},
                           "at": "yesterday", "force": 1})"),
      (std::vector<std::string>{"/scenario: unknown field — did you mean 'scenarios'? known fields: environment, "
                                "scenarios, limit, ratio, force, color, "
                                "at, inner, counts",
                                "/environment: is required", "/scenarios: is required",
                                "/limit: must be an integer (got 1)", "/force: must be true or false (got 1)",
                                "/color: must be one of red, green (got \"gren\") — did you mean 'green'?",
                                "/at: must be a time such as \"2026-03-01T12:00:00Z\" (got \"yesterday\")",
                                "/inner/1/nme: unknown field — did you mean 'name'? known fields: name",
                                "/inner/1/name: is required", "/counts/a~1b~0: must be an integer (got \"1\")"}));
}

TEST(JsonReader, nobodyMayAskForUnknown) {
  EXPECT_EQ(problemsOf(R"({"environment": "e", "scenarios": [], "color": "unknown"})").size(), 1U);
}

TEST(JsonReader, requiredFieldsAreNotNull) {
  EXPECT_EQ(problemsOf(R"({"environment": null, "scenarios": []})"),
            std::vector<std::string>{"/environment: must be a text (got nothing)"});
}

TEST(JsonReader, aBodyThatIsNoObjectIsRefused) {
  for (const char* text : {"[]", "1", "\"x\"", "null", "true"}) EXPECT_EQ(problemsOf(text).size(), 1U) << text;
}

TEST(JsonReader, refusesWhatAnotherReaderCouldSeeDifferently) {
  const std::string depth = std::string(100'000, '[');
  for (const std::string& text : std::vector<std::string>{"",
                                                          " ",
                                                          "{",
                                                          "}",
                                                          "[1,]",
                                                          "[,1]",
                                                          "{\"a\":1,}",
                                                          "{\"a\" 1}",
                                                          "{a:1}",
                                                          "{'a':1}",
                                                          "[1 2]",
                                                          "1 2",
                                                          "[1]x",
                                                          "// c\n1",
                                                          "nul",
                                                          "True",
                                                          "NaN",
                                                          "Infinity",
                                                          "-",
                                                          "+1",
                                                          "01",
                                                          "-01",
                                                          "1.",
                                                          ".5",
                                                          "1e",
                                                          "1e+",
                                                          "0x10",
                                                          "1_000",
                                                          "\"1,000",
                                                          "1,000",
                                                          "--1",
                                                          "\"\\x41\"",
                                                          "\"\\u12\"",
                                                          "\"\\u12g4\"",
                                                          "\"\\u+123\"",
                                                          "\"\\ud800\"",
                                                          "\"\\udc00\"",
                                                          "\"\\ud800\\u0041\"",
                                                          "\"\\ud800x\"",
                                                          "\"a\nb\"",
                                                          "\"a\tb\"",
                                                          "\"open",
                                                          "\"open\\",
                                                          "\"\\u0000\"",
                                                          "\"\\",
                                                          "\"\\u",
                                                          std::string("\"a\0b\"", 5),
                                                          "\xEF\xBB\xBF{}",
                                                          "\"\xFF\"",
                                                          "\"\xC0\xAF\"",
                                                          "\"\xED\xA0\x80\"",
                                                          "1e999",
                                                          "-1e999",
                                                          "9223372036854775808",
                                                          "-9223372036854775809",
                                                          "99999999999999999999999",
                                                          depth,
                                                          std::string(33, '[') + std::string(33, ']'),
                                                          R"({"a":1,"b":2,"a":3})",
                                                          R"({"a":1,"\u0061":2})"}) {
    EXPECT_NE(refusal(text), "") << text.substr(0, 60);
  }
}

TEST(JsonReader, acceptsWhatIsRight) {
  for (const std::string& text : std::vector<std::string>{
           "0", "-0", "0.5", "-0.0", "1e5", "1E+5", "1.5e-5", "9223372036854775807", "\"\"",
           "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "[]", "{}", " [ 1 , 2 ] ", "\r\n\t{\"a\" : {\"b\" : null}}", "\"\x7F\"",
           std::string(32, '[') + std::string(32, ']')}) {
    EXPECT_EQ(refusal(text), "") << text;
  }
}

TEST(JsonReader, aMistakeIsShownByLineColumnAndPointer) {
  try {
    parseJson("{\"a\": [1,\n  {\"b/c\": tru}]}");
    FAIL();
  } catch (const JsonRefused& refused) {
    EXPECT_EQ(refused.problems()[0].pointer, "/a/1/b~1c");
    EXPECT_EQ(refused.problems()[0].message, "line 2, column 11: this is no JSON value");
  }
}

TEST(JsonReader, numbersKeepTheirType) {
  EXPECT_TRUE(parseJson("1").isInteger());
  EXPECT_TRUE(parseJson("1.0").isReal());
  EXPECT_TRUE(parseJson("1e2").isReal());
}

TEST(JsonReader, aBodyAboveTheLimitIsRefusedBeforeItIsRead) {
  const std::string big = "\"" + std::string(256 * 1024, 'x') + "\"";
  EXPECT_EQ(refusal(big), "more than 262144 bytes");
  EXPECT_EQ(refusal(big.substr(0, 256 * 1024 - 1) + "\""), "");
}

// A quarter of a megabyte of members must not cost seconds: comparing each name with each other would.
TEST(JsonReader, manyMembersAreReadInALinearWay) {
  std::string text = "{";
  for (int i = 0; text.size() < 255 * 1024; ++i) text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
  EXPECT_GT(parseJson(text + "}").table().size(), 20'000U);
  EXPECT_NE(refusal(text + ",\"17\":1}").find("/17: "), std::string::npos);
}

TEST(JsonReader, noMutationCrashesIt) {
  const std::string good =
      R"({"environment": "lab-1", "scenarios": ["a", "\u00e9\ud83d\ude00"], "limit": -12, "ratio": 1.5e-3, "inner": [{"name": "x"}]})";
  const char* given = std::getenv("TESTARENA_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : SystemRandom().next();
  SCOPED_TRACE("TESTARENA_SEED=" + std::to_string(seed));
  SeededRandom random(seed);
  for (int i = 0; i < 5000; ++i) {
    std::string text = good;
    for (std::uint64_t edits = random.below(4) + 1; edits > 0; --edits) {
      const auto at = static_cast<std::size_t>(random.below(text.size()));
      switch (random.below(3)) {
        case 0:
          text[at] = static_cast<char>(random.below(256));
          break;
        case 1:
          text.erase(at, static_cast<std::size_t>(random.below(8)));
          break;
        default:
          text.insert(at, good.substr(static_cast<std::size_t>(random.below(good.size())), 8));
      }
      if (text.empty()) text = "x";
    }
    problemsOf(text);
  }
}

}  // namespace
}  // namespace testarena
