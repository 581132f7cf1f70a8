// SPDX-License-Identifier: Apache-2.0
// What the codec refuses: every message here comes from a peer that is broken or means ill.
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <testarena/message.h>

#include "sample_records.h"

namespace testarena::samples {
namespace {

template <std::size_t N>
std::string octets(const char (&literal)[N]) {
  return std::string(literal, N - 1);
}

/// Decodes from memory that ends with the message, so that a sanitizer sees the first octet read too far.
template <class T>
T decodeExactly(const std::string& message) {
  const std::unique_ptr<char[]> memory(new char[message.size()]);
  if (!message.empty()) std::memcpy(memory.get(), message.data(), message.size());
  return decode<T>({memory.get(), message.size()});
}

template <class T>
void expectRefused(const std::string& message, const std::string& words, const std::string& pointer = {}) {
  try {
    decodeExactly<T>(message);
    ADD_FAILURE() << "accepted: " << words;
  } catch (const Invalid& error) {
    EXPECT_EQ(error.what(), words);
    EXPECT_EQ(error.pointer(), pointer);
  }
}

TEST(MessageHostile, noTruncationOfAMessageIsAccepted) {
  const std::string message = encode(fullSample());
  for (std::size_t size = 0; size < message.size(); ++size) {
    EXPECT_THROW(decodeExactly<Sample>(message.substr(0, size)), Invalid) << size;
  }
}

TEST(MessageHostile, octetsAfterTheEndAreRefused) {
  expectRefused<Point>(encode(Point{}) + "x", "octets follow the end of the message");
  const std::string head = encode(Point{});
  EXPECT_THROW(decode<Point>(toBytes(head), toBytes("tail")), Invalid) << "a tail that no blob claims";
}

TEST(MessageHostile, aTailMustBeExactlyTheLastBlob) {
  std::string head;
  const Blob blob{3, Bytes(std::string(5000, 'x'))};
  const std::string_view tail = toView(encodeSplit(blob, head));
  EXPECT_THROW(decode<Blob>(toBytes(head), toBytes(tail.substr(1))), Invalid);
  EXPECT_THROW(decode<Blob>(toBytes(head), toBytes(std::string(tail) + "x")), Invalid);
  EXPECT_THROW(decode<Blob>(toBytes(head)), Invalid);
  // Half of the blob in the head: the split must be where the blob begins.
  EXPECT_THROW(decode<Blob>(toBytes(head + std::string(tail.substr(0, 9))), toBytes(tail.substr(9))), Invalid);
}

TEST(MessageHostile, errorsNameThePlace) {
  expectRefused<Sample>(octets("\x81\xA6points\x92\x80\x81\xA1y\xA1z"), "points[1].y: expected an integer, found text",
                        "/points/1/y");
  expectRefused<Sample>(octets("\x81\xA6labels\x81\xA3"
                               "a/b\x01"),
                        "labels.a/b: expected text, found an integer", "/labels/a~1b");
  expectRefused<Sample>(octets("\x81\xA5"
                               "point\x90"),
                        "point: expected a record, found a list", "/point");
  expectRefused<Sample>(octets("\x90"), "expected a record, found a list");
  expectRefused<Sample>(octets("\xC0"), "expected a record, found null");
}

TEST(MessageHostile, aLongNameIsCutInTheWords) {
  const std::string key(100'000, 'k');
  const std::string message = octets("\x81\xA6labels\x81\xDB\x00\x01\x86\xA0") + key + "\x01";
  try {
    decodeExactly<Sample>(message);
    FAIL();
  } catch (const Invalid& error) {
    EXPECT_LT(std::strlen(error.what()), 200U);
  }
}

TEST(MessageHostile, fieldsThatStandTwiceAreRefused) {
  expectRefused<Point>(octets("\x82\xA1x\x01\xA1x\x02"), "x: stands there twice", "/x");
  expectRefused<Point>(octets("\x83\xA1y\x01\xA1x\x02\xA1y\x03"), "y: stands there twice", "/y");
  expectRefused<Sample>(octets("\x81\xA6labels\x82\xA1k\xA1v\xA1k\xA1w"), "labels.k: stands there twice", "/labels/k");
}

TEST(MessageHostile, keysMustBeText) {
  expectRefused<Point>(octets("\x81\x01\x01"), "expected text, found an integer");
}

TEST(MessageHostile, textMustBeUtf8) {
  expectRefused<Sample>(octets("\x81\xA4text\xA2\xC3("), "text: the text is not UTF-8", "/text");
  expectRefused<Sample>(octets("\x81\xA6labels\x81\xA1\xFF\xA0"), "labels: the text is not UTF-8", "/labels");
}

TEST(MessageHostile, kindsAreNotConverted) {
  expectRefused<Sample>(octets("\x81\xA4text\xC4\x01z"), "text: expected text, found octets", "/text");
  expectRefused<Sample>(octets("\x81\xA4"
                               "data\xA1z"),
                        "data: expected octets, found text", "/data");
  expectRefused<Sample>(octets("\x81\xA4"
                               "flag\x01"),
                        "flag: expected true or false, found an integer", "/flag");
  expectRefused<Point>(octets("\x81\xA1x\xCB\x3F\xF0\x00\x00\x00\x00\x00\x00"),
                       "x: expected an integer, found a number with a fraction", "/x");
  expectRefused<Sample>(octets("\x81\xA6points\x91\xC0"), "points[0]: expected a record, found null", "/points/0");
}

TEST(MessageHostile, integersBeyondTheRangeAreNotWrapped) {
  expectRefused<Point>(octets("\x81\xA1x\xCF\x80\x00\x00\x00\x00\x00\x00\x00"), "x: the number is too large", "/x");
  expectRefused<Point>(octets("\x81\xA1x\xCF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), "x: the number is too large", "/x");
}

TEST(MessageHostile, countsBeyondTheMessageAreRefusedBeforeAnythingIsAllocated) {
  expectRefused<Sample>(octets("\x81\xA6points\xDD\xFF\xFF\xFF\xFF"), "points: the message ends early", "/points");
  expectRefused<Sample>(octets("\x81\xA6labels\xDF\xFF\xFF\xFF\xFF"), "labels: the message ends early", "/labels");
  expectRefused<Sample>(octets("\x81\xA4text\xDB\xFF\xFF\xFF\xFF"), "text: the message ends early", "/text");
  expectRefused<Sample>(octets("\x81\xA3new\xDD\xFF\xFF\xFF\xFF"), "new: the message ends early", "/new");
  expectRefused<Sample>(octets("\xDF\xFF\xFF\xFF\xFF"), "the message ends early");
}

TEST(MessageHostile, smallElementsThatBecomeLargeAreRefused) {
  // 4 MiB of empty maps would be some hundred MiB of Samples.
  struct Samples {
    std::vector<Sample> samples;
    TA_FIELDS(samples)
  };
  const std::string message = octets("\x81\xA7samples\xDD\x00\x40\x00\x00") + std::string(4 << 20, '\x80');
  expectRefused<Samples>(message, "samples: takes more than 64 MiB in memory", "/samples");
}

TEST(MessageHostile, recordsNestOnlySoDeep) {
  Tree deep{"leaf", {}};
  for (int i = 0; i < 15; ++i) deep = Tree{"node", {deep}};  // a record and a list each: 31 and the leaf's list
  EXPECT_TRUE(decodeExactly<Tree>(encode(deep)) == deep);
  deep = Tree{"node", {deep}};
  EXPECT_THROW(decodeExactly<Tree>(encode(deep)), Invalid);

  std::string endless = octets(
      "\x81\xA8"
      "children");
  for (int i = 0; i < 100'000; ++i)
    endless += octets(
        "\x91\x81\xA8"
        "children");
  EXPECT_THROW(decodeExactly<Tree>(endless), Invalid);
}

TEST(MessageHostile, anUnknownFieldMayNestAsDeepAsItLikes) {
  const std::string message = octets("\x82\xA3new") + std::string(5'000'000, '\x91') + octets("\xC0\xA1x\x05");
  EXPECT_EQ(decodeExactly<Point>(message).x, 5);
}

TEST(MessageHostile, theUnusedOctetIsRefusedAlsoInUnknownFields) {
  expectRefused<Point>(octets("\x81\xA3new\xC1"),
                       "new: expected a value, found the octet C1, which MessagePack does not use", "/new");
}

TEST(MessageHostile, everyKindOfUnknownValueIsPassedOverWhole) {
  for (const std::string& value : {octets("\x05"),
                                   octets("\xE0"),
                                   octets("\x81\x01\x02"),
                                   octets("\x92\x01\x02"),
                                   octets("\xA2zz"),
                                   octets("\xC0"),
                                   octets("\xC2"),
                                   octets("\xC3"),
                                   octets("\xC4\x01z"),
                                   octets("\xC5\x00\x01z"),
                                   octets("\xC6\x00\x00\x00\x01z"),
                                   octets("\xC7\x01tz"),
                                   octets("\xC8\x00\x01tz"),
                                   octets("\xC9\x00\x00\x00\x01tz"),
                                   octets("\xCA"
                                          "1234"),
                                   octets("\xCB"
                                          "12345678"),
                                   octets("\xCC"
                                          "1"),
                                   octets("\xCD"
                                          "12"),
                                   octets("\xCE"
                                          "1234"),
                                   octets("\xCF"
                                          "12345678"),
                                   octets("\xD0"
                                          "1"),
                                   octets("\xD1"
                                          "12"),
                                   octets("\xD2"
                                          "1234"),
                                   octets("\xD3"
                                          "12345678"),
                                   octets("\xD4t"
                                          "1"),
                                   octets("\xD5t"
                                          "12"),
                                   octets("\xD6t"
                                          "1234"),
                                   octets("\xD7t"
                                          "12345678"),
                                   octets("\xD8t"
                                          "1234567812345678"),
                                   octets("\xD9\x01z"),
                                   octets("\xDA\x00\x01z"),
                                   octets("\xDB\x00\x00\x00\x01z"),
                                   octets("\xDC\x00\x01\x05"),
                                   octets("\xDD\x00\x00\x00\x01\x05"),
                                   octets("\xDE\x00\x01\x05\x06"),
                                   octets("\xDF\x00\x00\x00\x01\x05\x06")}) {
    EXPECT_EQ(decodeExactly<Point>(octets("\x82\xA3new") + value + octets("\xA1x\x05")).x, 5);
    for (std::size_t size = 0; size < value.size(); ++size) {
      EXPECT_THROW(decodeExactly<Point>(octets("\x81\xA3new") + value.substr(0, size)), Invalid);
    }
  }
}

TEST(MessageHostile, messagesOfMoreThan64MiBAreRefusedOnBothSides) {
  const std::string large((64 << 20) + 1, 'x');
  EXPECT_THROW(encode(Blob{0, Bytes::borrow(large)}), Exhausted);
  std::string head;
  EXPECT_THROW(encodeSplit(Blob{0, Bytes::borrow(large)}, head), Exhausted);
  EXPECT_THROW(decode<Blob>(toBytes(large)), Exhausted);
  EXPECT_THROW(decode<Blob>({nullptr, ~std::uint64_t{0}}), Exhausted);
  EXPECT_THROW(decode<Blob>(toBytes("\x80"), {nullptr, ~std::uint64_t{0}}), Exhausted);
}

}  // namespace
}  // namespace testarena::samples
