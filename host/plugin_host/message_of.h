// SPDX-License-Identifier: Apache-2.0
// A checked configuration in the form in which records cross the plugin boundary.
#pragma once

#include <string>

#include "value.h"

namespace testarena::plugin_host {

/// MessagePack: tables are maps keyed by name, lists are arrays. What <testarena/message.h> decodes as the record
/// `Settings`.
std::string messageOf(const Value& value);

}  // namespace testarena::plugin_host
