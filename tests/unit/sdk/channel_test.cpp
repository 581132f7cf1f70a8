// SPDX-License-Identifier: Apache-2.0
// How a caller judges what comes back through the C boundary, from callees that keep the rules and from others.
#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include <testarena/channel.h>

namespace testarena {
namespace {

using namespace std::chrono_literals;

class Kept final : public Receiver {
 public:
  void receive(ta_bytes head, ta_bytes tail) override {
    ++received;
    octets = std::string(toView(head)) + std::string(toView(tail));
    if (throwing) throw NotFound("from the receiver");
  }
  int received = 0;
  std::string octets;
  bool throwing = false;
};

class ChannelTest : public testing::Test {
 protected:
  void run(const std::function<std::int32_t(ta_call&)>& callee) {
    callThrough(call_, kept_, [&](ta_call* wire) { return callee(*wire); });
  }

  template <class Expected>
  void expectError(const std::string& words, const std::function<std::int32_t(ta_call&)>& callee) {
    try {
      run(callee);
      ADD_FAILURE() << "no error";
    } catch (const Expected& error) {
      EXPECT_EQ(error.what(), words);
    }
  }

  static void reply(const ta_call& wire, std::string_view head, std::string_view tail = {}) {
    wire.reply(wire.ctx, toBytes(head), toBytes(tail));
  }
  static void fail(const ta_call& wire, std::int32_t code, std::string_view words, std::string_view pointer = {}) {
    wire.fail(wire.ctx, code, toBytes(words), toBytes(pointer));
  }

  Call call_{1h, "trace-1"};
  Kept kept_;
};

TEST_F(ChannelTest, anAnswerIsReceivedWithItsTail) {
  run([](ta_call& wire) {
    reply(wire, "head", "tail");
    return TA_OK;
  });
  EXPECT_EQ(kept_.octets, "headtail");
}

TEST_F(ChannelTest, theCalleeSeesTheCall) {
  run([&](ta_call& wire) {
    EXPECT_EQ(wire.struct_size, sizeof(ta_call));
    EXPECT_EQ(wire.reserved, 0U);
    const Call seen(wire);
    EXPECT_EQ(seen.deadline(), call_.deadline());
    EXPECT_EQ(seen.traceId(), "trace-1");
    EXPECT_FALSE(seen.cancelled());
    reply(wire, {});
    return TA_OK;
  });
}

TEST_F(ChannelTest, theCalleeSeesThatItWasTakenBack) {
  bool gone = false;
  Call call(1h, {}, [&] { return gone; });
  callThrough(call, kept_, [&](ta_call* wire) {
    const Call seen(*wire);
    EXPECT_FALSE(seen.cancelled());
    gone = true;
    EXPECT_TRUE(seen.cancelled());
    wire->reply(wire->ctx, {}, {});
    return TA_OK;
  });
}

TEST_F(ChannelTest, aCallWithoutDeadlineCrossesAsSuch) {
  Call call(std::chrono::milliseconds::max());
  callThrough(call, kept_, [](ta_call* wire) {
    EXPECT_EQ(wire->deadline_ns, TA_NO_DEADLINE);
    EXPECT_EQ(Call(*wire).deadline(), Call::Clock::time_point::max());
    wire->reply(wire->ctx, {}, {});
    return TA_OK;
  });
}

TEST_F(ChannelTest, aFailureBecomesItsClass) {
  try {
    run([](ta_call& wire) {
      fail(wire, TA_NOT_FOUND, "no job 17", "/job");
      return TA_NOT_FOUND;
    });
    FAIL();
  } catch (const NotFound& error) {
    EXPECT_STREQ(error.what(), "no job 17");
    EXPECT_EQ(error.pointer(), "/job");
  }
}

TEST_F(ChannelTest, neitherAnswerNorFailureIsInternal) {
  expectError<Internal>("returned without an answer", [](ta_call&) { return TA_OK; });
}

TEST_F(ChannelTest, twoAnswersAreInternalAndTheSecondIsNotRead) {
  expectError<Internal>("answered 2 times", [](ta_call& wire) {
    reply(wire, "first");
    reply(wire, "second");
    return TA_OK;
  });
  EXPECT_EQ(kept_.received, 1);
}

TEST_F(ChannelTest, anAnswerAndAFailureIsAFailure) {
  const auto both = [](std::int32_t returned) {
    return [=](ta_call& wire) {
      reply(wire, "answer");
      fail(wire, TA_CONFLICT, "words");
      return returned;
    };
  };
  expectError<Conflict>("words", both(TA_OK));
  expectError<Conflict>("words", both(TA_CONFLICT));
}

TEST_F(ChannelTest, aCodeWithoutWordsSaysSo) {
  expectError<Unavailable>("failed without saying why (code 5)", [](ta_call&) { return TA_UNAVAILABLE; });
}

TEST_F(ChannelTest, unknownCodesAreInternal) {
  expectError<Internal>("words", [](ta_call& wire) {
    fail(wire, 99, "words");
    return 99;
  });
  expectError<Internal>("failed without saying why (code -1)", [](ta_call&) { return -1; });
  expectError<Internal>("success?", [](ta_call& wire) {
    fail(wire, TA_OK, "success?");
    return TA_OK;
  });
}

TEST_F(ChannelTest, severalFailuresAreToldTogether) {
  try {
    run([](ta_call& wire) {
      fail(wire, TA_INVALID, "url: not set", "/url");
      fail(wire, TA_INVALID, "slots: not positive", "/slots");
      return TA_INVALID;
    });
    FAIL();
  } catch (const Invalid& error) {
    EXPECT_STREQ(error.what(), "url: not set; slots: not positive");
    EXPECT_EQ(error.pointer(), "/url");
  }
}

TEST_F(ChannelTest, wordsAreBoundedAndUtf8) {
  try {
    run([](ta_call& wire) {
      for (int i = 0; i < 1000; ++i) fail(wire, TA_INVALID, std::string(100'000, '\xFF'));
      return TA_INVALID;
    });
    FAIL();
  } catch (const Invalid& error) {
    EXPECT_TRUE(isUtf8(error.what()));
    EXPECT_LT(std::string_view(error.what()).size(), 500'000U);
  }
}

TEST_F(ChannelTest, whatTheReceiverThrowsCrossesNoForeignFrame) {
  kept_.throwing = true;
  bool returned = false;
  expectError<NotFound>("from the receiver", [&](ta_call& wire) {
    reply(wire, "answer");
    returned = true;  // reply came back in the ordinary way
    return TA_OK;
  });
  EXPECT_TRUE(returned);
}

TEST_F(ChannelTest, anExceptionOverTheBoundaryIsInternal) {
  expectError<Internal>("an exception came over the boundary, which must not happen: the other side is broken",
                        [](ta_call&) -> std::int32_t { throw std::runtime_error("escaped"); });
}

TEST_F(ChannelTest, createNeedsNoAnswer) {
  EXPECT_NO_THROW(callWithoutAnswer(call_, [](ta_call*) { return TA_OK; }));
  EXPECT_THROW(callWithoutAnswer(call_, [](ta_call*) { return TA_DENIED; }), Denied);
}

}  // namespace
}  // namespace testarena
