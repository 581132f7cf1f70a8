// SPDX-License-Identifier: Apache-2.0
// Interfaces: abstract classes whose operations can be called over the plugin boundary.
//
//     class Clock {
//      public:
//       virtual ~Clock() = default;
//       virtual NowAnswer now(const NowRequest&, Call&) = 0;
//     };
//     TA_INTERFACE(Clock, "clock/1", now)
//
// Every operation is `Answer name(const Request&, Call&)`, both records, none overloaded. TA_INTERFACE gives, for both
// sides:
//   dispatch(clock, operation, request, call)   the callee's side: decodes, calls, encodes, turns exceptions into
//   `fail` ClockProxy(channel)                         the caller's side: a Clock whose operations go through a Channel
//   interfaceId<Clock>(), operationNames<Clock>()
// A pure operation that the list forgets makes the proxy abstract, and its first use an error of the compiler. An
// operation with a default is listed too: otherwise the proxy would answer with the default instead of asking.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include <testarena/channel.h>
#include <testarena/detail/dispatch.h>
#include <testarena/detail/for_each.h>
#include <testarena/detail/proxy.h>
#include <testarena/message.h>
#include <testarena/record.h>

#define TA_INTERFACE(Name, id, ...)                                                                                  \
  [[maybe_unused]] constexpr ::std::string_view ta_interface_id(const Name*) {                                       \
    return id;                                                                                                       \
  }                                                                                                                  \
  [[maybe_unused]] constexpr ::std::string_view ta_interface_operations(const Name*) {                               \
    return #__VA_ARGS__;                                                                                             \
  }                                                                                                                  \
  template <class Interface>                                                                                         \
  ::std::int32_t ta_dispatch(const Name*, Interface& implementation, ::std::string_view operation, ta_bytes request, \
                             const ta_call& call) {                                                                  \
    TA_EACH(TA_INTERFACE_DISPATCH, Interface, __VA_ARGS__)                                                           \
    return ::testarena::detail::refuseOperation(call, id, operation);                                                \
  }                                                                                                                  \
  template <class Interface>                                                                                         \
  class Ta##Name##Proxy final : public Interface, private ::testarena::detail::ProxyBase {                           \
   public:                                                                                                           \
    explicit Ta##Name##Proxy(::std::shared_ptr<::testarena::Channel> channel) : ProxyBase(::std::move(channel)) {}   \
    TA_EACH(TA_INTERFACE_PROXY, Interface, __VA_ARGS__)                                                              \
  };                                                                                                                 \
  using Name##Proxy = Ta##Name##Proxy<Name>;

#define TA_INTERFACE_DISPATCH(Interface, name) \
  if (operation == #name) return ::testarena::detail::perform(implementation, &Interface::name, request, call);

#define TA_INTERFACE_PROXY(Interface, name)                                                                          \
  ::testarena::detail::AnswerOf<decltype(&Interface::name)> name(                                                    \
      const ::testarena::detail::RequestOf<decltype(&Interface::name)>& request, ::testarena::Call& call) override { \
    return this->template ta_ask<::testarena::detail::AnswerOf<decltype(&Interface::name)>>(#name, request, call);   \
  }

namespace testarena {
inline namespace v1 {

/// "executor/1": the name and major version that a manifest offers and a host asks for.
template <class Interface>
constexpr std::string_view interfaceId() {
  return ta_interface_id(static_cast<const Interface*>(nullptr));
}

/// The names of all operations, in the order of the interface's list.
template <class Interface>
constexpr const auto& operationNames() {
  return detail::kOperationNames<Interface>;
}

/// Serves one call. Every exception ends here: what comes back is what ta_plugin::call returns.
template <class Interface>
std::int32_t dispatch(Interface& implementation, ta_bytes operation, ta_bytes request, const ta_call& call) noexcept {
  return detail::guard(call, [&] {
    return ta_dispatch(static_cast<const Interface*>(nullptr), implementation, toView(operation), request, call);
  });
}

}  // namespace v1
}  // namespace testarena
