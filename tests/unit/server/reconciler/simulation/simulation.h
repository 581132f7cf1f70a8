// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "world.h"

namespace testarena::server::simulation {

/// Runs a plan with the real reconciler until everything has settled; the first promise that was broken, or empty. The
/// folder is for logs; it is emptied.
std::string simulate(const Plan& plan, std::uint64_t seed, const std::filesystem::path& folder);

/// The plan without all that is not needed to break the same promise.
Plan shrink(Plan plan, std::uint64_t seed, const std::filesystem::path& folder);

}  // namespace testarena::server::simulation
