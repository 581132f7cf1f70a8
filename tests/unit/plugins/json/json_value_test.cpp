// SPDX-License-Identifier: Apache-2.0
#include "json_value.h"

#include <gtest/gtest.h>

#include <testarena/error.h>

namespace testarena::json {
namespace {

TEST(JsonValue, isWhatTheTextSays) {
  const Value value = parse(R"({"b": [1, -2.5, true, null, "é\n\u00e9"], "a": {}, "big": 9223372036854775807})");
  ASSERT_NE(value.object(), nullptr);
  EXPECT_EQ(value.object()->at(0).first, "b") << "members stay in their order";
  const Value::List& list = *value.find("b")->list();
  ASSERT_EQ(list.size(), 5u);
  EXPECT_EQ(*list[0].integer(), 1);
  EXPECT_EQ(*list[1].real(), -2.5);
  EXPECT_TRUE(*list[2].boolean());
  EXPECT_TRUE(list[3].isNull());
  EXPECT_EQ(*list[4].text(), "é\né");
  EXPECT_NE(value.find("a")->object(), nullptr);
  EXPECT_EQ(*value.find("big")->integer(), INT64_MAX);
  EXPECT_EQ(value.find("c"), nullptr);
  EXPECT_NE(parse("[]").list(), nullptr);
}

TEST(JsonValue, aWordIsATextOrAnInteger) {
  const Value value = parse(R"({"a": "7", "b": 7, "c": 7.0, "d": null, "e": ["7"]})");
  EXPECT_EQ(value.word("a"), "7");
  EXPECT_EQ(value.word("b"), "7");
  for (const char* name : {"c", "d", "e", "f"}) EXPECT_EQ(value.word(name), std::nullopt) << name;
}

TEST(JsonValue, whatIsNoJsonIsRefused) {
  for (const std::string& text : std::vector<std::string>{"",
                                                          " ",
                                                          "<html></html>",
                                                          "{",
                                                          "[1,",
                                                          "{\"a\"}",
                                                          "{\"a\":1,}",
                                                          "[1]x",
                                                          "[1][2]",
                                                          "{'a':1}",
                                                          "nul",
                                                          "{\"a\":1,\"a\":2}",
                                                          "[99999999999999999999]",
                                                          "[-9223372036854775809]",
                                                          "[18446744073709551616]",
                                                          "\"\xff\"",
                                                          "[\"\xc3\"]",
                                                          std::string(200, '[') + std::string(200, ']'),
                                                          "[1 2]",
                                                          "[01]",
                                                          "[.5]",
                                                          "[+1]",
                                                          "[NaN]"}) {
    EXPECT_THROW(parse(text), Invalid) << text;
  }
}

}  // namespace
}  // namespace testarena::json
