// SPDX-License-Identifier: Apache-2.0
// What a plugin says about itself, see <testarena/plugin.h>.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema.h"

namespace testarena::plugin_host {

struct Manifest {
  struct Interface {
    std::string id;                    ///< "executor/1"
    std::int64_t max_concurrency = 1;  ///< 0: without limit
    Schema config;                     ///< with the keys that every plugin's table has: `plugin`, `isolation`
  };

  std::string name;
  std::string version;
  std::string description;
  std::vector<Interface> interfaces;

  /// Null if the plugin does not offer it.
  const Interface* find(std::string_view id) const;
  /// "executor/1, discoverer/1"
  std::string interfaceIds() const;
};

/// Throws Invalid with all that is wrong.
Manifest parseManifest(std::string_view json);

}  // namespace testarena::plugin_host
