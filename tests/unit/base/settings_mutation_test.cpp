// SPDX-License-Identifier: Apache-2.0
// Broken configurations by the thousand: each is taken or refused with a place, and none does anything else.
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include <testarena/error.h>

#include "problems.h"
#include "random.h"
#include "schema.h"
#include "settings.h"

namespace testarena {
namespace {

constexpr std::string_view kGood = R"([server]
listen = "127.0.0.1:0"   # any free port
hosts = ["a", "b"]

[[environment]]
name = "lab-1"
executor = { plugin = "http_executor", url = "http://lab-1:8080/api", slots = 4, timeout = "20s" }
text = """
several lines"""

[environment.discoverer]
plugin = "git_discoverer"
)";

constexpr std::string_view kSchema = R"({"type": "object", "properties": {
  "server": {"type": "object", "required": ["listen"], "properties": {
    "listen": {"type": "string"}, "hosts": {"type": "array", "items": {"type": "string"}}}},
  "environment": {"type": "array", "items": {"type": "object", "required": ["name", "executor"], "properties": {
    "name": {"type": "string", "pattern": "[a-z0-9-]+"},
    "text": {"type": "string"},
    "executor": {"type": "object", "properties": {"plugin": {"type": "string"}, "url": {"type": "string", "format": "uri"},
      "slots": {"type": "integer", "minimum": 1}, "timeout": {"type": "string", "format": "duration"}}},
    "discoverer": {"type": "object", "additionalProperties": true}}}}}})";

/// 0: refused, 1: taken.
bool taken(const Schema& schema, const std::string& text) {
  Problems problems;
  try {
    schema.check(parseToml(text, "m.toml"), problems);
  } catch (const ConfigurationError& error) {
    EXPECT_EQ(std::string(error.what()).compare(0, 7, "m.toml:"), 0) << error.what();
    return false;
  }
  for (const Problem& problem : problems.all()) {
    EXPECT_EQ(problem.line().compare(0, 7, "m.toml:"), 0) << problem.line();
    EXPECT_EQ(problem.line().find('\n'), std::string::npos) << problem.line();
  }
  return !problems.hasErrors();
}

TEST(SettingsMutation, theOriginalIsRight) {
  EXPECT_TRUE(taken(Schema(kSchema, "s"), std::string(kGood)));
}

TEST(SettingsMutation, aHalfWrittenFileIsTakenOrRefusedWithAPlace) {
  const Schema schema(kSchema, "s");
  for (std::size_t size = 0; size <= kGood.size(); ++size) taken(schema, std::string(kGood.substr(0, size)));
}

TEST(SettingsMutation, randomMistakesAreTakenOrRefusedWithAPlace) {
  const Schema schema(kSchema, "s");
  const char* given = std::getenv("TESTARENA_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : SystemRandom().next();
  SCOPED_TRACE("TESTARENA_SEED=" + std::to_string(seed));
  SeededRandom random(seed);
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string text(kGood);
    for (std::uint64_t edits = random.below(5) + 1; edits > 0; --edits) {
      const auto at = static_cast<std::size_t>(random.below(text.size()));
      switch (random.below(4)) {
        case 0:
          text[at] = static_cast<char>(random.below(256));
          break;
        case 1:
          text.erase(at, static_cast<std::size_t>(random.below(12)));
          break;
        case 2:
          text.insert(at, std::string(kGood.substr(static_cast<std::size_t>(random.below(kGood.size())), 20)));
          break;
        default:
          text[at] = "\"'[]{}=#.\n,"[random.below(11)];
      }
      if (text.empty()) text = "x";
    }
    refused += taken(schema, text) ? 0 : 1;
  }
  EXPECT_GT(refused, 1000) << "the mutations hardly change anything: they test nothing";
}

}  // namespace
}  // namespace testarena
