// SPDX-License-Identifier: Apache-2.0
// Keys that a plugin's table need not repeat: those its schema marks `x-inherit` are taken from what stands around it.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "schema.h"
#include "value.h"

namespace testarena::plugin_host {

/// Tables to take missing keys from, the nearest first.
using Inheritance = std::vector<Value>;

/// For a plugin of an environment, `own` being "executor" or "discoverer":
///  1. the environment's table: its other keys (`scenarios`), and `environment`, which is its name;
///  2. the table of the environment's other plugin (`repository`);
///  3. the host: `data`, the absolute data folder.
Inheritance environmentInheritance(const Value& environment, std::string_view own, const std::filesystem::path& data);

/// For plugins outside environments: the host's values alone.
Inheritance hostInheritance(const std::filesystem::path& data);

/// `table` with what it inherits. Each value keeps its own origin, so that a mistake is shown where it was written.
Value inherit(const Value& table, const Schema& schema, const Inheritance& from);

}  // namespace testarena::plugin_host
