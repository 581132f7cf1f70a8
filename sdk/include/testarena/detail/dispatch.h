// SPDX-License-Identifier: Apache-2.0
// The callee's side of a call.
#pragma once

#include <cstdint>
#include <exception>
#include <new>
#include <string>
#include <string_view>

#include <testarena/call.h>
#include <testarena/message.h>
#include <testarena/record.h>
#include <testarena/utf8.h>

namespace testarena {
inline namespace v1 {
namespace detail {

inline std::int32_t fail(const ta_call& call, Code code, std::string_view message,
                         std::string_view pointer = {}) noexcept {
  const auto number = code == Code::ok ? TA_INTERNAL : static_cast<std::int32_t>(code);
  call.fail(call.ctx, number, toBytes(message), toBytes(pointer));
  return number;
}

/// The only place that catches: nothing leaves a function of the ABI but its return value.
template <class Function>
std::int32_t guard(const ta_call& call, Function&& function) noexcept {
  try {
    return function();
  } catch (const Error& error) {
    return fail(call, error.code(), error.what(), error.pointer());
  } catch (const std::bad_alloc&) {
    return fail(call, Code::exhausted, "out of memory");
  } catch (const std::exception& error) {
    return fail(call, Code::internal, error.what());
  } catch (...) {
    return fail(call, Code::internal, "an exception of unknown type");
  }
}

template <class Record>
Record decodeRequest(ta_bytes request) {
  try {
    return decodeBorrowing<Record>(request);
  } catch (const Invalid& error) {
    throw Invalid(std::string("the request cannot be read: ") + error.what(), error.pointer());
  }
}

template <class Implementation, class Interface, class Answer, class Request>
std::int32_t perform(Implementation& implementation, Answer (Interface::*operation)(const Request&, Call&),
                     ta_bytes request, const ta_call& wire) {
  Call call(wire);
  const Request decoded = decodeRequest<Request>(request);
  const Answer answer = (implementation.*operation)(decoded, call);
  std::string head;
  const ta_bytes tail = encodeSplit(answer, head);
  wire.reply(wire.ctx, toBytes(head), tail);
  return TA_OK;
}

inline std::int32_t refuseOperation(const ta_call& call, std::string_view interfaceId, std::string_view operation) {
  return fail(call, Code::unsupported,
              std::string(interfaceId) + " has no operation '" + cleanUtf8(operation.substr(0, 64)) + "' here");
}

}  // namespace detail
}  // namespace v1
}  // namespace testarena
