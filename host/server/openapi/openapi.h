// SPDX-License-Identifier: Apache-2.0
// doc/openapi.yaml, as the server serves it.
#pragma once

#include <string_view>

namespace testarena::server {

/// JSON; made from the YAML at build time.
std::string_view openApiDocument();

}  // namespace testarena::server
