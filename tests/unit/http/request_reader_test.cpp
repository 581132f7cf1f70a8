// SPDX-License-Identifier: Apache-2.0
#include "request_reader.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "poco_reader.h"
#include "reference_parser.h"
#include "request_corpus.h"

namespace testarena::http::test {
namespace {

HeadLimits limits() {
  HeadLimits limits;
  limits.hosts = {"arena.example"};
  return limits;
}

struct Result {
  Reading reading;
  int status = 0;
  std::string targets;
  bool operator==(const Result&) const = default;
};

/// Feeds `bytes` in pieces of `size`.
Result read(std::string_view bytes, std::size_t size) {
  Result result;
  HeadLimits served = limits();
  RequestReader reader;
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    for (RequestReader::Step step = reader.feed(bytes.substr(at, size), served);; step = reader.feed({}, served)) {
      if (step.refusal) {
        result.reading.refused = true;
        result.status = step.refusal.status;
        return result;
      }
      if (!step.request) break;
      ++result.reading.requests;
      result.targets.append(step.request->head.target.in(step.request->head_bytes)).append(" ");
      if (reader.empty()) break;
    }
  }
  return result;
}

class Corpus : public testing::TestWithParam<RawCase> {};

TEST_P(Corpus, isAcceptedOrRefusedAsItShould) {
  const RawCase& c = GetParam();
  SCOPED_TRACE(c.name);
  Result result = read(c.bytes, c.bytes.size());
  EXPECT_EQ(result.reading.requests, c.accepted);
  EXPECT_EQ(result.reading.refused, !c.refusals.empty());
  if (!c.refusals.empty()) {
    EXPECT_THAT(c.refusals, testing::Contains(result.status));
  }
  EXPECT_EQ(result.targets.find("SMUGGLED"), std::string::npos);
}

TEST_P(Corpus, isReadTheSameHoweverItIsCut) {
  const RawCase& c = GetParam();
  Result whole = read(c.bytes, c.bytes.size());
  for (std::size_t size : {1, 2, 3, 7, 64}) EXPECT_EQ(read(c.bytes, size), whole) << c.name << " in pieces of " << size;
}

TEST_P(Corpus, whatIsAcceptedIsReadTheSameByPoco) {
  RequestReader reader;
  std::string_view bytes = GetParam().bytes;
  for (RequestReader::Step step = reader.feed(bytes, limits()); step.request; step = reader.feed({}, limits()))
    EXPECT_TRUE(pocoAgrees(step.request->head_bytes, step.request->head)) << step.request->head_bytes;
}

TEST_P(Corpus, isReadTheSameByTheSecondParser) {
  const RawCase& c = GetParam();
  EXPECT_EQ(readReference(c.bytes), (Reading{c.accepted, !c.refusals.empty()})) << c.name;
}

std::string caseName(const testing::TestParamInfo<RawCase>& info) {
  std::string name = std::to_string(info.index) + "_" + info.param.name;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Raw, Corpus, testing::ValuesIn(requestCorpus()), caseName);

TEST(RequestReader, theCorpusIsLargeEnough) {
  EXPECT_GE(requestCorpus().size(), 250U);
}

/// The two parsers on what becomes of the corpus by chance.
TEST(RequestReader, agreesWithTheSecondParserOnMutations) {
  const char* given = std::getenv("TESTARENA_SEED");
  unsigned seed = given != nullptr ? static_cast<unsigned>(std::atoi(given)) : std::random_device{}();
  std::cout << "TESTARENA_SEED=" << seed << "\n";
  std::mt19937 random(seed);
  auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  const std::vector<std::string> pieces = {"\r\n",
                                           "\n",
                                           "\r",
                                           " ",
                                           "\t",
                                           ":",
                                           "0",
                                           "3",
                                           ",",
                                           "chunked",
                                           "Host: localhost\r\n",
                                           "Content-Length: 3\r\n",
                                           "Transfer-Encoding: chunked\r\n",
                                           std::string(1, '\0'),
                                           "=?",
                                           "\r\n\r\n",
                                           "\xff",
                                           "HTTP/1.1",
                                           "GET / ",
                                           "\x7f",
                                           ";",
                                           "Cookie: a=b\r\n",
                                           "Expect: 100-continue\r\n"};
  std::vector<std::string> seeds;
  for (const RawCase& c : requestCorpus())
    if (c.bytes.size() < 1000) seeds.push_back(c.bytes);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = seeds[below(seeds.size())];
    if (below(3) == 0) bytes += seeds[below(seeds.size())];
    for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
      std::size_t at = below(bytes.size() + 1);
      switch (below(4)) {
        case 0:
          bytes.insert(at, pieces[below(pieces.size())]);
          break;
        case 1:
          bytes.erase(at, 1 + below(4));
          break;
        case 2:
          if (at < bytes.size()) bytes[at] = static_cast<char>(below(256));
          break;
        case 3:
          bytes.insert(at, bytes.substr(below(bytes.size() + 1), below(40)));
          break;
      }
    }
    if (bytes.empty()) continue;
    Result ours = read(bytes, 1 + below(bytes.size()));
    ASSERT_EQ(ours.reading, readReference(bytes))
        << "requests " << ours.reading.requests << ", status " << ours.status << "\n"
        << testing::PrintToString(bytes);
  }
}

TEST(RequestReader, asksForTheBodyOnceIfTheClientWaits) {
  RequestReader reader;
  auto step = reader.feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n", {});
  EXPECT_TRUE(step.send_continue);
  EXPECT_FALSE(reader.feed("a", {}).send_continue);
  EXPECT_TRUE(reader.feed("b", {}).request);
  step = reader.feed("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", {});
  EXPECT_FALSE(step.send_continue) << "there is no body";
}

TEST(RequestReader, givesTheBodyAsItWasSent) {
  RequestReader reader;
  auto step = reader.feed(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nd\n\r\n0\r\n\r\n", {});
  ASSERT_TRUE(step.request);
  EXPECT_EQ(step.request->body, "abcd\n");
  EXPECT_TRUE(reader.empty());
  EXPECT_EQ(reader.buffered(), 0U);
}

}  // namespace
}  // namespace testarena::http::test
