// SPDX-License-Identifier: Apache-2.0
// The figures of the HTTP front in Prometheus' text form.
#pragma once

#include <string>
#include <string_view>

#include "counters.h"

namespace testarena::http {

/// The two lines that stand before a metric's own: HELP and TYPE.
void appendMetricHead(std::string& out, std::string_view name, std::string_view type, std::string_view help);

void appendFrontMetrics(const Counters& counters, std::string& out);

}  // namespace testarena::http
