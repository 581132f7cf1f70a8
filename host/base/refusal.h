// SPDX-License-Identifier: Apache-2.0
// What the end of a call to an executor proves.
#pragma once

#include <testarena/error.h>

namespace testarena {

/// Whether this error of `submit` proves that the executor has not taken the job and will not. Of all other errors the
/// outcome is not known. `again`: an earlier call may have been taken; then only a word about the job itself counts,
/// not what the executor's client says of a token or a setting that was changed since.
inline bool provesNotTaken(Code code, bool again) {
  switch (code) {
    case Code::invalid:
    case Code::not_found:
    case Code::conflict:
      return true;
    case Code::denied:
    case Code::unsupported:
    case Code::wrong_state:
    case Code::out_of_range:
      return !again;
    default:
      return false;
  }
}

}  // namespace testarena
