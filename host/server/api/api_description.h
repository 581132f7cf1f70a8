// SPDX-License-Identifier: Apache-2.0
// The API's description, complete.
#pragma once

#include <string>
#include <string_view>

namespace testarena::server {

/// `document` (doc/openapi.yaml as JSON) with the schemas of all records that it names by #/components/schemas/.
std::string withRecordSchemas(std::string_view document);

}  // namespace testarena::server
