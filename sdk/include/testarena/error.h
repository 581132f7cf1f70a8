// SPDX-License-Identifier: Apache-2.0
// The one family of errors, in plugins and in the host. They cross the boundary as code, message and pointer, and come
// out on the other side as the same class.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <testarena/abi.h>
#include <testarena/enum.h>

namespace testarena {
inline namespace v1 {

/// What kind of error, see abi.h for who should do what. The numbers are those of the ABI.
TA_ENUM(Code, ok, invalid, not_found, conflict, retry, unavailable, denied, cancelled, deadline_exceeded, unsupported,
        exhausted, wrong_state, out_of_range, internal)
static_assert(static_cast<int>(Code::internal) == TA_INTERNAL, "Code and the list in abi.h differ");

/// `what()` says to a person what was wrong, where, and what to do. `pointer()` is a JSON pointer (RFC 6901) to the
/// place in the request or in the configuration, or empty.
class Error : public std::runtime_error {
 public:
  Error(Code code, const std::string& message, std::string pointer = {})
      : std::runtime_error(message), code_(code), pointer_(std::move(pointer)) {}

  Code code() const noexcept { return code_; }
  const std::string& pointer() const noexcept { return pointer_; }

 private:
  Code code_;
  std::string pointer_;
};

/// The class that belongs to a code; to be caught as itself or as Error.
template <Code kCode>
class ErrorOf : public Error {
 public:
  explicit ErrorOf(const std::string& message, std::string pointer = {}) : Error(kCode, message, std::move(pointer)) {}
};

using Invalid = ErrorOf<Code::invalid>;
using NotFound = ErrorOf<Code::not_found>;
using Conflict = ErrorOf<Code::conflict>;
using Retry = ErrorOf<Code::retry>;
using Unavailable = ErrorOf<Code::unavailable>;
using Denied = ErrorOf<Code::denied>;
using Cancelled = ErrorOf<Code::cancelled>;
using DeadlineExceeded = ErrorOf<Code::deadline_exceeded>;
using Unsupported = ErrorOf<Code::unsupported>;
using Exhausted = ErrorOf<Code::exhausted>;
using WrongState = ErrorOf<Code::wrong_state>;
using OutOfRange = ErrorOf<Code::out_of_range>;
using Internal = ErrorOf<Code::internal>;

/// Throws the class that belongs to `code`. No code is a success here: `ok` and unknown numbers are thrown as Internal.
[[noreturn]] inline void throwError(Code code, const std::string& message, const std::string& pointer = {}) {
  switch (code) {
    case Code::invalid:
      throw Invalid(message, pointer);
    case Code::not_found:
      throw NotFound(message, pointer);
    case Code::conflict:
      throw Conflict(message, pointer);
    case Code::retry:
      throw Retry(message, pointer);
    case Code::unavailable:
      throw Unavailable(message, pointer);
    case Code::denied:
      throw Denied(message, pointer);
    case Code::cancelled:
      throw Cancelled(message, pointer);
    case Code::deadline_exceeded:
      throw DeadlineExceeded(message, pointer);
    case Code::unsupported:
      throw Unsupported(message, pointer);
    case Code::exhausted:
      throw Exhausted(message, pointer);
    case Code::wrong_state:
      throw WrongState(message, pointer);
    case Code::out_of_range:
      throw OutOfRange(message, pointer);
    case Code::ok:
    case Code::internal:
      break;
  }
  throw Internal(message, pointer);
}

}  // namespace v1
}  // namespace testarena
