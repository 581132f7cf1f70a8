// SPDX-License-Identifier: Apache-2.0
// The figures of the server itself in Prometheus' text form.
#pragma once

#include <string>

#include "environments.h"

namespace testarena::server {

void appendEnvironmentMetrics(const Environments& environments, std::string& out);
void appendBuildMetrics(std::string& out);

}  // namespace testarena::server
