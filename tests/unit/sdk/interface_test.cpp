// SPDX-License-Identifier: Apache-2.0
// Both sides of an interface with nothing but the C boundary between them.
#include <fstream>
#include <new>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include <testarena/authenticator.h>
#include <testarena/discoverer.h>
#include <testarena/executor.h>
#include <testarena/host_services.h>
#include <testarena/interface.h>
#include <testarena/storage.h>

namespace vendor {  // macros and lookups must work outside of namespace testarena

struct Question {
  std::string text;
  testarena::Bytes data;
  TA_FIELDS(text, data)
};

struct Reply {
  std::string text;
  testarena::Bytes data;
  TA_FIELDS(text, data)
};

class Oracle {
 public:
  virtual ~Oracle() = default;
  virtual Reply ask(const Question&, testarena::Call&) = 0;
  virtual testarena::None misuse(const Question&, testarena::Call&) = 0;
  virtual Reply guess(const Question&, testarena::Call&) { throw testarena::Unsupported("this oracle does not guess"); }
};
TA_INTERFACE(Oracle, "oracle/1", ask, misuse, guess)

}  // namespace vendor

namespace testarena {
namespace {

using namespace std::chrono_literals;

class Delphi final : public vendor::Oracle {
 public:
  vendor::Reply ask(const vendor::Question& question, Call& call) override {
    kept = question.data;
    return {question.text + "/" + std::string(call.traceId()), Bytes::borrow(large)};
  }
  None misuse(const vendor::Question& question, Call&) override {
    if (question.text == "error") throw WrongState("not today", "/day");
    if (question.text == "memory") throw std::bad_alloc();
    if (question.text == "standard") throw std::out_of_range("a plain exception");
    if (question.text == "success") throw Error(Code::ok, "success is no error");
    throw 42;
  }

  Bytes kept;
  const std::string large = std::string(70'000, 'x');
};

/// Calls `dispatch` as a plugin's table would.
class Loop final : public Channel {
 public:
  explicit Loop(vendor::Oracle& oracle) : oracle_(oracle) {}
  void call(std::string_view operation, ta_bytes request, Call& call, Receiver& receiver) override {
    callThrough(call, receiver, [&](ta_call* wire) {
      const std::string sent = garbled.empty() ? std::string(toView(request)) : garbled;
      return dispatch<vendor::Oracle>(oracle_, toBytes(operation), toBytes(sent), *wire);
    });
  }
  std::string garbled;

 private:
  vendor::Oracle& oracle_;
};

class InterfaceTest : public testing::Test {
 protected:
  template <class Expected>
  void expectMisuse(const std::string& text, const std::string& words) {
    try {
      oracle_.misuse({text, {}}, call_);
      ADD_FAILURE() << "no error";
    } catch (const Expected& error) {
      EXPECT_EQ(error.what(), words);
    }
  }

  Delphi delphi_;
  std::shared_ptr<Loop> loop_ = std::make_shared<Loop>(delphi_);
  vendor::OracleProxy oracle_{loop_};
  Call call_{1h, "trace-1"};
};

TEST_F(InterfaceTest, aProxyAnswersLikeTheClassBehindIt) {
  const vendor::Reply reply = oracle_.ask({"why", {}}, call_);
  EXPECT_EQ(reply.text, "why/trace-1");
  EXPECT_EQ(reply.data.view(), delphi_.large);
  EXPECT_NE(reply.data.data(), delphi_.large.data()) << "an answer owns what it holds";
}

TEST_F(InterfaceTest, aBlobKeptFromARequestOutlivesIt) {
  oracle_.ask({"why", Bytes(std::string(9000, 'q'))}, call_);
  EXPECT_EQ(delphi_.kept.view(), std::string(9000, 'q'));
}

TEST_F(InterfaceTest, exceptionsArriveAsTheyWereThrown) {
  expectMisuse<WrongState>("error", "not today");
  try {
    oracle_.misuse({"error", {}}, call_);
  } catch (const Error& error) {
    EXPECT_EQ(error.pointer(), "/day");
  }
}

TEST_F(InterfaceTest, exceptionsOfAnyTypeEndAtTheBoundary) {
  expectMisuse<Exhausted>("memory", "out of memory");
  expectMisuse<Internal>("standard", "a plain exception");
  expectMisuse<Internal>("success", "success is no error");
  expectMisuse<Internal>("number", "an exception of unknown type");
}

TEST_F(InterfaceTest, aDefaultBehindTheBoundaryIsAsked) {
  try {
    oracle_.guess({}, call_);
    FAIL();
  } catch (const Unsupported& error) {
    EXPECT_STREQ(error.what(), "this oracle does not guess");
  }
}

TEST_F(InterfaceTest, aRequestThatCannotBeReadIsInvalid) {
  loop_->garbled = "\x81\xA4text\x01";
  try {
    oracle_.ask({}, call_);
    FAIL();
  } catch (const Invalid& error) {
    EXPECT_STREQ(error.what(), "the request cannot be read: text: expected text, found an integer");
    EXPECT_EQ(error.pointer(), "/text");
  }
}

TEST_F(InterfaceTest, anAnswerThatCannotBeReadIsInternal) {
  class Liar final : public Channel {
    void call(std::string_view, ta_bytes, Call&, Receiver& receiver) override {
      receiver.receive(toBytes("\x81\xA4text\x01"), {});
    }
  };
  vendor::OracleProxy proxy(std::make_shared<Liar>());
  try {
    proxy.ask({}, call_);
    FAIL();
  } catch (const Internal& error) {
    EXPECT_STREQ(error.what(), "the answer cannot be read: text: expected text, found an integer");
  }
}

TEST_F(InterfaceTest, anUnknownOperationIsUnsupported) {
  class Nothing final : public Receiver {
    void receive(ta_bytes, ta_bytes) override {}
  } nothing;
  try {
    loop_->call(std::string(1000, 'z'), toBytes("\x80"), call_, nothing);
    FAIL();
  } catch (const Unsupported& error) {
    EXPECT_EQ(error.what(), "oracle/1 has no operation '" + std::string(64, 'z') + "' here");
  }
}

TEST_F(InterfaceTest, operationsHaveNames) {
  static_assert(interfaceId<vendor::Oracle>() == "oracle/1");
  static_assert(operationNames<vendor::Oracle>().size() == 3 && operationNames<vendor::Oracle>()[2] == "guess");
  EXPECT_EQ(interfaceId<Executor>(), "executor/1");
}

// An operation with a default that TA_INTERFACE forgets would never be asked; the compiler cannot tell, the text can.
template <class Interface>
void expectEveryVirtualListed(const std::string& header, const std::string& name) {
  std::ifstream file(std::string(TESTARENA_SDK_INCLUDE) + "/" + header);
  ASSERT_TRUE(file) << header;
  std::ostringstream text;
  text << file.rdbuf();
  std::string source = text.str();
  source = source.substr(source.find("class " + name + " {"));
  source = source.substr(0, source.find("TA_INTERFACE(" + name));
  std::set<std::string> declared;
  for (std::size_t at = source.find("virtual "); at != std::string::npos; at = source.find("virtual ", at + 1)) {
    const std::string declaration = source.substr(at, source.find('(', at) - at);  // "virtual Answer name"
    const std::string operation = declaration.substr(declaration.rfind(' ') + 1);
    if (operation.front() != '~') declared.insert(operation);
  }
  std::set<std::string> listed(operationNames<Interface>().begin(), operationNames<Interface>().end());
  EXPECT_EQ(declared, listed) << header;
  EXPECT_GE(listed.size(), 4U);
}

TEST(Interfaces, listEveryOperation) {
  expectEveryVirtualListed<Executor>("executor.h", "Executor");
  expectEveryVirtualListed<Discoverer>("discoverer.h", "Discoverer");
  expectEveryVirtualListed<Authenticator>("authenticator.h", "Authenticator");
  expectEveryVirtualListed<Storage>("storage.h", "Storage");
  expectEveryVirtualListed<HostServices>("host_services.h", "HostServices");
}

TEST(Interfaces, allCanBeProxied) {  // instantiates every operation and record
  const std::shared_ptr<Channel> none;
  ExecutorProxy executor(none);
  DiscovererProxy discoverer(none);
  AuthenticatorProxy authenticator(none);
  StorageProxy storage(none);
  HostServicesProxy services(none);
}

}  // namespace
}  // namespace testarena
