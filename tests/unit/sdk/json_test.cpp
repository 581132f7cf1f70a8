// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <iostream>
#include <limits>
#include <random>
#include <string>

#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>

#include <testarena/json.h>

namespace testarena {
namespace {

TA_ENUM(Colour, unknown, red, green)

struct Point {
  std::int64_t x = 0;
  std::optional<double> y;
  TA_FIELDS(x, y)
};

struct Page {
  bool more = false;
  std::string title;
  Colour colour = Colour::red;
  Time at{};
  std::chrono::milliseconds pause{1500};
  std::optional<Time> ended;
  std::vector<Point> points;
  std::map<std::string, std::int64_t> counts;
  TA_FIELDS(more, title, colour, at, pause, ended, points, counts)
};

std::string jsonText(std::string_view text) {
  std::string out;
  appendJsonText(out, text);
  return out;
}

std::string parsedText(const std::string& json) {
  return Poco::JSON::Parser().parse("[" + json + "]").extract<Poco::JSON::Array::Ptr>()->getElement<std::string>(0);
}

TEST(Json, writesEveryKindOfField) {
  Page page;
  page.title = "a\"b";
  page.points = {{1, 0.5}, {-2, std::nullopt}};
  page.counts = {{"k\n", 3}};
  EXPECT_EQ(
      toJson(page),
      R"({"more":false,"title":"a\"b","colour":"red","at":"1970-01-01T00:00:00.000000Z","pause":1500,"ended":null,)"
      R"("points":[{"x":1,"y":0.5},{"x":-2,"y":null}],"counts":{"k\n":3}})");
}

TEST(Json, emptyListsMapsAndRecords) {
  EXPECT_NE(toJson(Page{}).find(R"("points":[],"counts":{})"), std::string::npos);
  EXPECT_EQ(toJson(None{}), "{}");
  EXPECT_EQ(toJson(std::vector<Point>{}), "[]");
}

TEST(Json, appendsBehindWhatIsThere) {
  std::string out = "[";
  appendJson(out, Point{1, {}});
  EXPECT_EQ(out, R"([{"x":1,"y":null})");
}

TEST(Json, whatIsNoNumberIsNull) {
  for (double value : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                       -std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(toJson(Point{0, value}), R"({"x":0,"y":null})");
  }
}

TEST(Json, numbersComeBackExactly) {
  for (double value : {0.1, 12.642857142857142, 5e-324, 1.7976931348623157e308, -0.0, 1e21, 123456789.0}) {
    const std::string text = toJson(Point{0, value});
    EXPECT_EQ(std::strtod(text.c_str() + std::string_view(R"({"x":0,"y":)").size(), nullptr), value) << text;
  }
  EXPECT_EQ(toJson(Point{std::numeric_limits<std::int64_t>::min(), {}}), R"({"x":-9223372036854775808,"y":null})");
}

TEST(Json, controlCharactersAreEscaped) {
  EXPECT_EQ(jsonText(std::string("\0\x1f\b\f\n\r\t\\/\x7f", 10)), R"("\u0000\u001f\b\f\n\r\t\\/)"
                                                                  "\x7f\"");
}

TEST(Json, strayOctetsBecomeTheReplacementCharacter) {
  EXPECT_EQ(jsonText("caf\xE9"), "\"caf\uFFFD\"");
  EXPECT_EQ(jsonText("\xE2\x82 12345678 \xF0\x9F"), "\"\uFFFD\uFFFD 12345678 \uFFFD\uFFFD\"");
}

/// A character that needs care at each place of a group of eight, which the writer looks at in one step.
TEST(Json, everyPlaceInAGroupOfEightIsLookedAt) {
  for (int octet = 0; octet < 256; ++octet) {
    for (std::size_t place = 0; place < 24; ++place) {
      std::string text(24, 'a');
      text[place] = static_cast<char>(octet);
      ASSERT_EQ(parsedText(jsonText(text)), cleanUtf8(text)) << octet << " at " << place;
    }
  }
}

TEST(Json, pocoReadsWhatWasWritten) {
  const auto seed = std::random_device{}();
  std::cout << "seed " << seed << '\n';
  std::mt19937 random(seed);
  const std::string pieces[] = {"a", "\"",  "\\", "\n", "ü", "世", "\U0001F600", "\xC3", "\x80", "plain text, longer",
                                "/", "\x01"};
  for (int i = 0; i < 3000; ++i) {
    Page page;
    for (std::size_t n = random() % 12; n > 0; --n) page.title += pieces[random() % std::size(pieces)];
    page.counts[cleanUtf8(page.title)] = static_cast<std::int64_t>(random());
    const std::string json = toJson(page);
    const auto parsed = Poco::JSON::Parser().parse(json).extract<Poco::JSON::Object::Ptr>();
    ASSERT_EQ(parsed->getValue<std::string>("title"), cleanUtf8(page.title)) << json;
    ASSERT_EQ(parsed->getObject("counts")->getValue<std::int64_t>(cleanUtf8(page.title)), page.counts.begin()->second)
        << json;
    ASSERT_TRUE(parsed->isNull("ended"));
  }
}

}  // namespace
}  // namespace testarena
