// SPDX-License-Identifier: Apache-2.0
// The figures of the server in Prometheus' text form.
#pragma once

#include <string>

#include "counters.h"
#include "environments.h"

namespace testarena::server {

void appendFrontMetrics(const http::Counters& counters, std::string& out);
void appendEnvironmentMetrics(const Environments& environments, std::string& out);
void appendBuildMetrics(std::string& out);

}  // namespace testarena::server
