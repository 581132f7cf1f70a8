// SPDX-License-Identifier: Apache-2.0
// The caller's side of a call.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <testarena/channel.h>
#include <testarena/message.h>
#include <testarena/record.h>

namespace testarena {
inline namespace v1 {
namespace detail {

template <class Operation>
struct Signature;
template <class Interface, class Answer_, class Request_>
struct Signature<Answer_ (Interface::*)(const Request_&, Call&)> {
  static_assert(isRecord<Answer_> && isRecord<Request_>,
                "requests and answers are records: fields can be added to them");
  using Answer = Answer_;
  using Request = Request_;
};
template <class Operation>
using AnswerOf = typename Signature<Operation>::Answer;
template <class Operation>
using RequestOf = typename Signature<Operation>::Request;

template <class Interface>
inline constexpr auto kOperationNames = [] {
  constexpr std::string_view list = ta_interface_operations(static_cast<const Interface*>(nullptr));
  return splitNames<countNames(list)>(list);
}();

template <class Record>
class DecodedAnswer final : public Receiver {
 public:
  void receive(ta_bytes head, ta_bytes tail) override {
    try {
      record = decode<Record>(head, tail);
    } catch (const Error& error) {  // not the caller's fault, so not Invalid
      throw Internal(std::string("the answer cannot be read: ") + error.what(), error.pointer());
    }
  }

  Record record{};
};

class ProxyBase {
 protected:
  explicit ProxyBase(std::shared_ptr<Channel> channel) : channel_(std::move(channel)) {}
  ~ProxyBase() = default;

  template <class Answer, class Request>
  Answer ta_ask(std::string_view operation, const Request& request, Call& call) {
    const std::string message = encode(request);
    DecodedAnswer<Answer> answer;
    channel_->call(operation, toBytes(message), call, answer);
    return std::move(answer.record);
  }

 private:
  std::shared_ptr<Channel> channel_;
};

}  // namespace detail
}  // namespace v1
}  // namespace testarena
