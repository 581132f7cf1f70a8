// SPDX-License-Identifier: Apache-2.0
// The way of one call over the boundary, seen from the caller. Works in both directions: host to plugin, plugin to
// host.
#pragma once

#include <exception>
#include <string>
#include <string_view>

#include <testarena/call.h>
#include <testarena/utf8.h>

namespace testarena {
inline namespace v1 {

/// Takes the octets of an answer while the callee still lends them.
class Receiver {
 public:
  /// Called at most once, with the head and the tail of the answer. May throw: the caller of `callThrough` gets it.
  virtual void receive(ta_bytes head, ta_bytes tail) = 0;

 protected:
  ~Receiver() = default;
};

/// What a proxy calls. The host puts its one choke point here: deadline, trace, metrics, concurrency, log.
class Channel {
 public:
  virtual ~Channel() = default;

  /// Performs one operation: hands the answer to `receiver` once, or throws an Error. From any thread.
  virtual void call(std::string_view operation, ta_bytes request, Call& call, Receiver& receiver) = 0;
};

namespace detail {

/// The caller's end of a ta_call: what came back through it.
class Answer {
 public:
  Answer(Call& call, Receiver& receiver) : call_(call), receiver_(receiver) {}
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  ta_call wire() {
    ta_call wire{};
    wire.struct_size = sizeof wire;
    wire.deadline_ns = std::chrono::nanoseconds(call_.deadline().time_since_epoch()).count();
    wire.trace_id = toBytes(call_.traceId());
    wire.ctx = this;
    wire.cancelled = [](void* self) noexcept -> std::int32_t {
      return static_cast<Answer*>(self)->call_.cancelled() ? 1 : 0;
    };
    wire.reply = [](void* self, ta_bytes head, ta_bytes tail) noexcept {
      static_cast<Answer*>(self)->reply(head, tail);
    };
    wire.fail = [](void* self, std::int32_t code, ta_bytes message, ta_bytes pointer) noexcept {
      static_cast<Answer*>(self)->fail(code, message, pointer);
    };
    return wire;
  }

  /// Throws unless the call ended as it must: TA_OK, one reply, no fail. See ta_call for how the rest is judged.
  void check(std::int32_t returned) {
    if (returned != TA_OK || failures_ > 0) {
      const Code code = returned != TA_OK ? codeOf(returned) : code_;
      if (failures_ == 0) throwError(code, "failed without saying why" + number(returned));
      throwError(code, message_, pointer_);
    }
    if (replies_ == 0) throw Internal("returned without an answer");
    if (replies_ > 1) throw Internal("answered " + std::to_string(replies_) + " times");
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  static constexpr std::size_t kMaxText = 4096;
  static constexpr int kMaxFailures = 32;  // as many as a person reads; more would let a plugin fill our memory

  // The two callbacks run below the callee's frames, which an exception must not cross: they keep it for check().
  void reply(ta_bytes head, ta_bytes tail) noexcept {
    if (++replies_ > 1) return;
    try {
      receiver_.receive(head, tail);
    } catch (...) {
      thrown_ = std::current_exception();
    }
  }

  void fail(std::int32_t code, ta_bytes message, ta_bytes pointer) noexcept {
    if (++failures_ > kMaxFailures) return;
    try {
      if (failures_ == 1) {
        code_ = codeOf(code);
        pointer_ = cleanUtf8(toView(pointer).substr(0, kMaxText));
      } else {
        message_ += "; ";
      }
      message_ += cleanUtf8(toView(message).substr(0, kMaxText));
      if (message.size == 0) message_ += "failed without saying why" + number(code);
    } catch (...) {
      code_ = Code::internal;  // no memory even for the words
    }
  }

  static Code codeOf(std::int32_t code) {
    return code > TA_OK && code <= TA_INTERNAL ? static_cast<Code>(code) : Code::internal;
  }

  static std::string number(std::int32_t code) { return " (code " + std::to_string(code) + ")"; }

  Call& call_;
  Receiver& receiver_;
  int replies_ = 0;
  int failures_ = 0;
  std::exception_ptr thrown_;
  Code code_ = Code::internal;  // of the first failure
  std::string message_;         // of all, joined
  std::string pointer_;         // of the first
};

}  // namespace detail

/// Runs `function(ta_call*) -> int32_t`, a call through the C boundary, and turns what came back into one answer or an
/// Error. `several` failures become one Error with the first one's code and pointer and all their words.
template <class Function>
void callThrough(Call& call, Receiver& receiver, Function&& function) {
  detail::Answer answer(call, receiver);
  ta_call wire = answer.wire();
  std::int32_t returned = TA_INTERNAL;
  try {
    returned = function(&wire);
  } catch (...) {
    throw Internal("an exception came over the boundary, which must not happen: the other side is broken");
  }
  answer.check(returned);
}

/// For calls that answer by their return value alone, as `create` does: no reply is expected.
template <class Function>
void callWithoutAnswer(Call& call, Function&& function) {
  struct Nothing final : Receiver {
    void receive(ta_bytes, ta_bytes) override {}
  } nothing;
  callThrough(call, nothing, [&](ta_call* wire) {
    const std::int32_t returned = function(wire);
    if (returned == TA_OK) wire->reply(wire->ctx, {}, {});
    return returned;
  });
}

}  // namespace v1
}  // namespace testarena
