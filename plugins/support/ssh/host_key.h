// SPDX-License-Identifier: Apache-2.0
// Is it the machine that is meant?
#pragma once

#include <string>

#include "libssh_handles.h"
#include "settings.h"

namespace testarena::ssh {

/// Throws Unavailable unless the key is the one that the settings name. The text says which key was shown, which was
/// expected, where that stands, and what to do. Nothing is ever learned: known_hosts files are only read.
void checkHostKey(ssh_key shown, const ConnectionSettings& settings);

/// "SHA256:...", as ssh-keygen -l writes it.
std::string fingerprintOf(ssh_key key);

}  // namespace testarena::ssh
