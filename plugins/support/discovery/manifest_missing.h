// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <testarena/discoverer.h>

namespace testarena {

/// What to call the scenarios of the configuration where a message says where something stands.
inline constexpr const char* kConfiguredScenarios = "`scenarios` in the server's configuration";

/// For a commit that says nothing about its tests, when the configuration does not either.
Diagnostic manifestMissing();

}  // namespace testarena
