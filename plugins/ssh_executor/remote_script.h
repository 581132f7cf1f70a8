// SPDX-License-Identifier: Apache-2.0
// The script of remote/*.sh, as it is sent to the machine.
#pragma once

#include <string_view>

namespace testarena::ssh_executor {

extern const std::string_view kScript;

/// Part of its file name over there: a script that somebody still runs is never written to.
extern const std::string_view kScriptDigest;

}  // namespace testarena::ssh_executor
