// SPDX-License-Identifier: Apache-2.0
// The configuration of one instance of a plugin: checked before any function of the plugin runs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <testarena/error.h>

#include "inheritance.h"
#include "manifest.h"
#include "problems.h"
#include "value.h"

namespace testarena::plugin_host {

/// Constant after construction; any thread.
class Configuration {
 public:
  enum class Isolation { in_process, process };

  /// `table` is the plugin's own; `path` is where it stands (`environment[0].executor`). Mistakes go to `problems`, and
  /// if one of them is an error the configuration must not be used.
  Configuration(Value table, std::string path, Schema schema, const Inheritance& from, Problems& problems);

  Isolation isolation() const { return isolation_; }

  /// What the plugin gets: a message with every key of its schema that has a value.
  std::string message() const;

  /// Without secrets, for people.
  Value masked() const { return schema_.masked(checked_); }

  /// The present value of a secret by its key, `bind_password` or `tls.key`: read again where it stands in a file of
  /// its own. `NotFound`: no such secret is configured. `Unavailable`: it is, but cannot be read now.
  std::string secret(std::string_view key) const;

  /// An error of the plugin's constructor as one of this configuration: its JSON pointer gives the place.
  ConfigurationError blame(const Error& error) const;

 private:
  Value complete_;  ///< as it was written, with what was inherited
  std::string path_;
  Schema schema_;
  Value checked_;
  Isolation isolation_ = Isolation::in_process;
};

}  // namespace testarena::plugin_host
