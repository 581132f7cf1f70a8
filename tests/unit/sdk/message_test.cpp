// SPDX-License-Identifier: Apache-2.0
// What the codec gives back, and what it forgives.
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <testarena/message.h>

#include "sample_records.h"

namespace testarena::samples {
namespace {

struct Numbers {
  std::vector<std::int64_t> values;
  std::vector<std::optional<std::int64_t>> gaps;
  std::vector<double> ratios;
  TA_FIELDS(values, gaps, ratios)
};

/// Octets in one literal, zeros included.
template <std::size_t N>
ta_bytes octets(const char (&literal)[N]) {
  return {literal, N - 1};
}

template <class T>
T roundTrip(const T& record) {
  return decode<T>(toBytes(encode(record)));
}

TEST(Message, everyKindOfFieldComesBack) {
  EXPECT_TRUE(roundTrip(fullSample()) == fullSample());
  EXPECT_TRUE(roundTrip(Sample{}) == Sample{});
  EXPECT_TRUE(roundTrip(None{}) == None{});
}

TEST(Message, aMapKeyedByFieldNames) {
  EXPECT_EQ(encode(Point{1, -1}), "\x82\xA1x\x01\xA1y\xFF");
  EXPECT_EQ(encode(None{}), "\x80");
}

TEST(Message, integersAtTheEdgesOfEachWidth) {
  Numbers numbers;
  for (int bits = 0; bits < 63; ++bits) {
    const std::int64_t power = std::int64_t{1} << bits;
    for (std::int64_t value : {power - 1, power, power + 1}) {
      numbers.values.push_back(value);
      numbers.values.push_back(-value);
    }
  }
  numbers.values.push_back(std::numeric_limits<std::int64_t>::min());
  numbers.values.push_back(std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(roundTrip(numbers).values, numbers.values);
}

TEST(Message, sizesAtTheEdgesOfEachForm) {
  for (std::size_t size : {0, 1, 15, 16, 31, 32, 255, 256, 65535, 65536}) {
    Sample sample;
    sample.text.assign(size, 't');
    sample.data = Bytes(std::string(size, '\xFE'));
    sample.points.resize(size);
    for (std::size_t i = 0; i < size % 70'000; ++i) sample.labels.emplace("k" + std::to_string(i), "");
    EXPECT_TRUE(roundTrip(sample) == sample) << size;
  }
}

TEST(Message, numbersWithFractionsAreExact) {
  Numbers numbers;
  numbers.ratios = {0.0, -0.0, 0.1, 5e-324, 1.7976931348623157e308, std::numeric_limits<double>::infinity()};
  EXPECT_EQ(roundTrip(numbers).ratios, numbers.ratios);
  EXPECT_TRUE(std::signbit(roundTrip(numbers).ratios[1]));
}

TEST(Message, numbersTakeWhatOtherWritersSend) {
  struct Ratio {
    double ratio = 0;
    TA_FIELDS(ratio)
  };
  EXPECT_EQ(decode<Ratio>(octets("\x81\xA5ratio\x03")).ratio, 3.0);
  EXPECT_EQ(decode<Ratio>(octets("\x81\xA5ratio\xD0\xFD")).ratio, -3.0);
  EXPECT_EQ(decode<Ratio>(octets("\x81\xA5ratio\xCA\x3F\x00\x00\x00")).ratio, 0.5);
}

TEST(Message, integersTakeEveryWidth) {
  EXPECT_EQ(decode<Point>(octets("\x81\xA1x\xD3\x00\x00\x00\x00\x00\x00\x00\x05")).x, 5);
  EXPECT_EQ(decode<Point>(octets("\x81\xA1x\xCF\x00\x00\x00\x00\x00\x00\x00\x05")).x, 5);
  EXPECT_EQ(decode<Point>(octets("\x81\xA1x\xCC\xFF")).x, 255);
  EXPECT_EQ(decode<Point>(octets("\x81\xA1x\xD0\xFF")).x, -1);
}

TEST(Message, unknownFieldsAreIgnored) {
  EXPECT_EQ(decode<Point>(octets("\x83\xA3new\x92\xC0\x81\xA1k\xC4\x01z\xA1y\x02\xA1x\x01")).x, 1);
  EXPECT_TRUE(decode<None>(octets("\x81\xA1x\xD4\x01\x02")) == None{});
}

TEST(Message, anyOrderOfFieldsIsTaken) {
  const Point point = decode<Point>(octets("\x82\xA1y\x02\xA1x\x01"));
  EXPECT_EQ(point.x, 1);
  EXPECT_EQ(point.y, 2);
}

TEST(Message, missingFieldsKeepTheirDefault) {
  EXPECT_EQ(decode<Point>(octets("\x81\xA1x\x01")).y, 7);
  EXPECT_TRUE(decode<Sample>(octets("\x80")) == Sample{});
}

TEST(Message, nullKeepsTheDefault) {
  EXPECT_EQ(decode<Point>(octets("\x82\xA1x\x01\xA1y\xC0")).y, 7);
}

TEST(Message, nullUnsetsAnOptionalThatHasADefault) {
  ASSERT_EQ(Sample{}.maybe, 5);
  EXPECT_EQ(decode<Sample>(octets("\x81\xA5maybe\xC0")).maybe, std::nullopt);
  Sample unset;
  unset.maybe.reset();
  EXPECT_EQ(roundTrip(unset).maybe, std::nullopt);
}

TEST(Message, gapsInListsComeBack) {
  Numbers numbers;
  numbers.gaps = {1, std::nullopt, 3};
  EXPECT_EQ(roundTrip(numbers).gaps, numbers.gaps);
}

TEST(Message, anUnknownEnumeratorBecomesUnknown) {
  EXPECT_EQ(decode<Sample>(octets("\x81\xA6"
                                  "colour\xA4"
                                  "blue"))
                .colour,
            Colour::unknown);
  EXPECT_EQ(decode<Sample>(octets("\x81\xA6"
                                  "colour\xA5"
                                  "green"))
                .colour,
            Colour::green);
  EXPECT_EQ(decode<Sample>(octets("\x80")).colour, Colour::red);
}

TEST(Message, aListReplacesTheDefault) {
  struct Tags {
    std::vector<std::string> tags{"default"};
    TA_FIELDS(tags)
  };
  EXPECT_TRUE(decode<Tags>(octets("\x81\xA4tags\x90")).tags.empty());
}

TEST(Message, recordsInsideThemselves) {
  const Tree tree{"root", {{"a", {{"b", {}}}}, {"c", {}}}};
  EXPECT_TRUE(roundTrip(tree) == tree);
}

// ---- blobs
// -----------------------------------------------------------------------------------------------------------

TEST(MessageBlob, isBorrowedFromTheMessageIfAsked) {
  const std::string message = encode(Blob{3, Bytes(std::string(100, 'x'))});
  const Blob borrowing = decodeBorrowing<Blob>(toBytes(message));
  EXPECT_GE(borrowing.data.data(), message.data());
  EXPECT_LT(borrowing.data.data(), message.data() + message.size());
  const Blob owning = decode<Blob>(toBytes(message));
  EXPECT_TRUE(owning.data.data() < message.data() || owning.data.data() >= message.data() + message.size());
  EXPECT_TRUE(owning == borrowing);
}

TEST(MessageBlob, largeAtTheEndStaysWhereItLies) {
  const std::string source(4096, 'x');
  const Blob blob{3, Bytes::borrow(source)};
  std::string head;
  const ta_bytes tail = encodeSplit(blob, head);
  EXPECT_EQ(tail.data, source.data());
  EXPECT_EQ(tail.size, source.size());
  EXPECT_EQ(head + source, encode(blob)) << "head and tail together are the ordinary message";
  EXPECT_TRUE(decode<Blob>(toBytes(head), tail) == blob);
}

TEST(MessageBlob, smallIsPartOfTheHead) {
  std::string head;
  const Blob blob{3, Bytes(std::string(4095, 'x'))};
  EXPECT_EQ(encodeSplit(blob, head).size, 0U);
  EXPECT_EQ(head, encode(blob));
}

template <class T>
void expectWholeWhenSplit(const T& record, std::size_t tailSize) {
  std::string head;
  const ta_bytes tail = encodeSplit(record, head);
  EXPECT_EQ(tail.size, tailSize);
  EXPECT_EQ(head + std::string(toView(tail)), encode(record));
  EXPECT_TRUE(decode<T>(toBytes(head), tail) == record);
}

TEST(MessageBlob, onlyTheVeryLastOneBecomesTheTail) {
  const Bytes large(std::string(5000, 'x'));
  const Bytes other(std::string(6000, 'y'));
  expectWholeWhenSplit(Blobs{{{1, large}, {2, other}}}, 6000);
  expectWholeWhenSplit(Blobs{{{1, other}, {2, Bytes(std::string("z"))}}}, 0);
  expectWholeWhenSplit(BlobThenNumber{{1, large}, 2}, 0);
}

TEST(MessageBlob, lastInAMapOrAnOptionalBecomesTheTailToo) {
  struct Parts {
    std::map<std::string, Bytes> parts;
    TA_FIELDS(parts)
  };
  struct Perhaps {
    std::optional<Bytes> data;
    TA_FIELDS(data)
  };
  expectWholeWhenSplit(Parts{{{"a", Bytes(std::string(5000, 'x'))}, {"b", Bytes(std::string(7000, 'y'))}}}, 7000);
  expectWholeWhenSplit(Perhaps{Bytes(std::string(5000, 'x'))}, 5000);
  expectWholeWhenSplit(Perhaps{}, 0);
}

TEST(MessageBlob, aTailThatBelongsToAnUnknownFieldIsPassedOver) {
  std::string head;
  const Blob blob{3, Bytes(std::string(5000, 'x'))};
  const ta_bytes tail = encodeSplit(blob, head);
  struct Older {
    std::int64_t offset = 0;
    TA_FIELDS(offset)
  };
  EXPECT_EQ(decode<Older>(toBytes(head), tail).offset, 3);
}

}  // namespace
}  // namespace testarena::samples
