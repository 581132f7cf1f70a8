// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

struct sqlite3;

namespace testarena::sqlite {

/// Throws the error that the handle's last failure means: Exhausted (no space), Unavailable (locked, input or output
/// failed, no permission) or Internal (the file is damaged, or the program is wrong). `doing` begins the message.
[[noreturn]] void throwLastError(sqlite3* handle, const std::string& doing);

}  // namespace testarena::sqlite
