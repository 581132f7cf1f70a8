// SPDX-License-Identifier: Apache-2.0
// What is left of a run whose supervisor was killed.
#pragma once

#include <string>

namespace testarena::local_executor {

/// Kills all processes that were started with this TESTARENA_OUTPUT in their environment, as all of a run's are. With
/// the supervisor the only one is gone who knew them as its own; a process that has changed its environment is missed.
void killLeftovers(const std::string& output);

}  // namespace testarena::local_executor
