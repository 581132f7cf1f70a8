// SPDX-License-Identifier: Apache-2.0
#include "answer_parser.h"

#include <random>

#include <gtest/gtest.h>

#include <testarena/error.h>

namespace testarena::http {
namespace {

const std::string kWithLength = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-One: a\r\n\r\nhello";
const std::string kChunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: x\r\n\r\n";

AnswerParser parsed(std::string_view text, AnswerParser::Limits limits = {}) {
  AnswerParser parser(limits, nullptr);
  parser.take(text);
  return parser;
}

Code codeOf(std::string_view text, AnswerParser::Limits limits = {}) {
  try {
    AnswerParser parser(limits, nullptr);
    parser.take(text);
    parser.close();
    return Code::ok;
  } catch (const Error& error) {
    EXPECT_STRNE(error.what(), "");
    return error.code();
  }
}

TEST(AnswerParser, readsABodyOfToldLengthAndOneInChunks) {
  for (const std::string& text : {kWithLength, kChunked}) {
    AnswerParser parser = parsed(text);
    EXPECT_TRUE(parser.isWhole());
    EXPECT_TRUE(parser.keepsAlive());
    EXPECT_EQ(parser.answer().status, 200);
    EXPECT_EQ(parser.answer().body, "hello");
  }
  EXPECT_EQ(parsed(kWithLength).answer().field("x-one"), "a");
  EXPECT_EQ(parsed(kWithLength).answer().field("x-two"), std::nullopt);
}

TEST(AnswerParser, octetsMayComeInAnyPieces) {
  for (const std::string& text : {kWithLength, kChunked}) {
    for (std::size_t first = 0; first <= text.size(); ++first) {
      for (std::size_t second = first; second <= text.size(); ++second) {
        AnswerParser parser({}, nullptr);
        parser.take(std::string_view(text).substr(0, first));
        parser.take(std::string_view(text).substr(first, second - first));
        parser.take(std::string_view(text).substr(second));
        ASSERT_TRUE(parser.isWhole());
        ASSERT_EQ(parser.answer().body, "hello");
      }
    }
  }
}

TEST(AnswerParser, anAnswerIsWholeOnlyWithItsLastOctet) {
  for (const std::string& text : {kWithLength, kChunked}) {
    for (std::size_t size = 0; size < text.size(); ++size) {
      AnswerParser parser = parsed(std::string_view(text).substr(0, size));
      ASSERT_FALSE(parser.isWhole()) << size;
      ASSERT_EQ(parser.hasBegun(), size > 0);
      ASSERT_THROW(parser.close(), Unavailable);
    }
  }
}

TEST(AnswerParser, whatFollowsIsLeftAlone) {
  AnswerParser parser({}, nullptr);
  EXPECT_EQ(parser.take(kWithLength + "HTTP/1.1 500"), kWithLength.size());
  EXPECT_EQ(parser.answer().body, "hello");
}

TEST(AnswerParser, aBodyWithoutLengthIsNeverWhole) {
  AnswerParser parser = parsed("HTTP/1.0 200 OK\r\n\r\nhello");
  EXPECT_TRUE(parser.endsByClosing());
  EXPECT_EQ(parser.answer().body, "hello");
  EXPECT_THROW(parser.close(), Unavailable);
  EXPECT_FALSE(parser.isWhole());
}

TEST(AnswerParser, someAnswersHaveNoBody) {
  EXPECT_TRUE(parsed("HTTP/1.1 204 No Content\r\n\r\n").isWhole());
  EXPECT_TRUE(parsed("HTTP/1.1 304\r\nContent-Length: 10\r\n\r\n").isWhole());
  EXPECT_TRUE(parsed("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").isWhole());
}

TEST(AnswerParser, interimAnswersAreSkippedAFewTimes) {
  const std::string interim = "HTTP/1.1 100 Continue\r\nX: y\r\n\r\n";
  EXPECT_EQ(parsed(interim + interim + kWithLength).answer().body, "hello");
  std::string loop;
  for (int i = 0; i < 20; ++i) loop += interim;
  EXPECT_EQ(codeOf(loop), Code::unavailable);
}

TEST(AnswerParser, knowsWhetherTheConnectionStaysOpen) {
  EXPECT_FALSE(parsed("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n").keepsAlive());
  EXPECT_FALSE(parsed("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").keepsAlive());
  EXPECT_TRUE(parsed("HTTP/1.0 200 OK\r\nConnection: x, Keep-Alive\r\nContent-Length: 0\r\n\r\n").keepsAlive());
}

TEST(AnswerParser, whatCanBeReadInTwoWaysIsNoAnswer) {
  const std::string head = "HTTP/1.1 200 OK\r\n";
  for (const std::string& text : std::vector<std::string>{
           "hello\r\n\r\n",
           "HTTP/2 200 OK\r\n\r\n",
           "HTTP/1.1  200 OK\r\n\r\n",
           "HTTP/1.1 20 OK\r\n\r\n",
           "HTTP/1.1 099 OK\r\n\r\n",
           "HTTP/1.1 600 OK\r\n\r\n",
           "HTTP/1.1 2000\r\n\r\n",
           "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
           "HTTP/1.1 101 Switching Protocols\r\n\r\n",
           "\r\nHTTP/1.1 200 OK\r\n\r\n",
           head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
           head + "Content-Length: -1\r\n\r\n",
           head + "Content-Length: +5\r\n\r\nhello",
           head + "Content-Length: 5, 5\r\n\r\nhello",
           head + "Content-Length: 0x5\r\n\r\nhello",
           head + "Content-Length: \r\n\r\n",
           head + "Content-Length: 99999999999999999999\r\n\r\n",
           head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           head + "Transfer-Encoding: xchunked\r\n\r\n",
           head + "Transfer-Encoding: gzip, chunked\r\n\r\n",
           head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           head + "Transfer-Encoding: chunked\r\n\r\nx\r\n",
           head + "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
           head + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
           head + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
           head + "no colon\r\n\r\n",
           head + ": no name\r\n\r\n",
           head + "Space : x\r\n\r\n",
           head + "A: b\r\n folded\r\n\r\n",
           head + "A: b\rc\r\n\r\n",
           head + std::string("A: \0b\r\n\r\n", 9),
           std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 12),
       }) {
    EXPECT_EQ(codeOf(text), Code::unavailable) << text;
  }
}

TEST(AnswerParser, headAndBodyHaveLimits) {
  const AnswerParser::Limits limits{1000, 100};
  const std::string head = "HTTP/1.1 200 OK\r\n";
  EXPECT_EQ(codeOf(head + "A: " + std::string(2000, 'x'), limits), Code::exhausted);
  EXPECT_EQ(codeOf("HTTP/1.1 200 " + std::string(2000, 'x'), limits), Code::exhausted);
  EXPECT_EQ(codeOf(head + "Content-Length: 101\r\n\r\n", limits), Code::exhausted) << "before a byte of it is read";
  EXPECT_EQ(codeOf(head + "\r\n" + std::string(101, 'x'), limits), Code::exhausted);
  EXPECT_EQ(codeOf(head + "Transfer-Encoding: chunked\r\n\r\n64\r\n" + std::string(100, 'x') + "\r\n1\r\nx", limits),
            Code::exhausted);
  EXPECT_EQ(codeOf(head + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(2000, 'x'), limits), Code::exhausted);
  EXPECT_EQ(codeOf(head + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + std::string(2000, 'x'), limits), Code::exhausted);
  std::string fields;
  for (int i = 0; i < 101; ++i) fields += "A: b\r\n";
  EXPECT_EQ(codeOf(head + fields + "\r\n"), Code::exhausted);
  EXPECT_EQ(parsed(head + "Content-Length: 100\r\n\r\n" + std::string(100, 'x'), limits).answer().body.size(), 100u);
}

TEST(AnswerParser, aHeadThatComesByteByByteIsNoLonger) {
  const std::string head = "HTTP/1.1 204 OK\r\nA: " + std::string(60, 'x') + "\r\n\r\n";
  for (const std::size_t limit : {head.size(), head.size() - 1}) {
    AnswerParser parser({limit, 0}, nullptr);
    const auto feed = [&] {
      for (const char c : head) parser.take({&c, 1});
    };
    if (limit == head.size()) {
      feed();
      EXPECT_TRUE(parser.isWhole());
    } else {
      EXPECT_THROW(feed(), Exhausted);
    }
  }
}

TEST(AnswerParser, theSinkTakesTheBodyOfA200AndOfNothingElse) {
  std::string taken;
  const auto sink = [&](std::string_view octets) { taken += octets; };
  AnswerParser good({}, sink);
  good.take(kChunked);
  EXPECT_EQ(taken, "hello");
  EXPECT_EQ(good.answer().body, "");
  taken.clear();
  AnswerParser bad({}, sink);
  bad.take("HTTP/1.1 404 X\r\nContent-Length: 2\r\n\r\nno");
  EXPECT_EQ(taken, "");
  EXPECT_EQ(bad.answer().body, "no");
}

TEST(AnswerParser, mutatedAnswersNeverBreakItAndNeverBecomeLonger) {
  std::mt19937 random(20'260'301);
  for (int round = 0; round < 20'000; ++round) {
    std::string text = round % 2 == 0 ? kWithLength : kChunked;
    for (unsigned i = random() % 4; i <= 4; ++i) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text.erase(at, 1 + random() % 4);
          break;
        case 2:
          text.insert(at, 1, static_cast<char>(random()));
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), 6));
      }
      if (text.empty()) text = "H";
    }
    AnswerParser parser({500, 50}, nullptr);
    try {
      const std::size_t used = parser.take(text);
      ASSERT_LE(used, text.size());
      if (!parser.isWhole()) {
        ASSERT_EQ(used, text.size());
      }
      parser.close();
    } catch (const Error& error) {
      ASSERT_TRUE(error.code() == Code::unavailable || error.code() == Code::exhausted) << error.what();
    }
    ASSERT_LE(parser.answer().body.size(), 50u);
  }
}

}  // namespace
}  // namespace testarena::http
