// SPDX-License-Identifier: Apache-2.0
// Checks a configuration against a description of it: the subset of JSON Schema that doc/plugin-guide.md lists.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "problems.h"
#include "value.h"

namespace testarena {

/// A description of a table. The keywords: type, properties, required, additionalProperties (false unless said),
/// enum, minimum, maximum, minLength, maxLength, minItems, maxItems, pattern (RE2, must match all of the text), items,
/// default, description, title, examples, format (uri, duration, size, path) and
///   x-secret      the value is never shown; the key `<key>_file` names a file to read it from instead
///   x-restart     a change counts only after a restart
///   x-deprecated  text: what to use instead; using the key is a warning
///   x-inherit     true, or the name of a key: where this one is not set, the tables around give it
///                 (plugin_host/inheritance.h)
/// Constant after construction; any thread.
class Schema {
 public:
  /// `text` is JSON, `name` is what messages call it. `Invalid` if it is no schema of this subset.
  Schema(std::string_view text, const std::string& name);
  explicit Schema(Value schema);

  const Value& value() const { return *schema_; }

  /// The checked form of `given`, which must be a table:
  ///  - every default is filled in (its origin says so), also in tables within;
  ///  - durations are integers of milliseconds, sizes integers of bytes, numbers are real even when whole; text that
  ///  came from a variable or the command
  ///    line has become what the schema wants;
  ///  - `<key>_file` has become `<key>`, without a newline at the end.
  /// All mistakes go to `problems`, each with its place; the answer is usable only if none of them is an error.
  /// `path` is put before every key path. A file that others can read and that has a secret in it is a mistake too.
  Value check(const Value& given, Problems& problems, const std::string& path = {}) const;

  /// The same tree with every secret replaced by "***": the only form to be shown.
  Value masked(const Value& checked) const;

  /// The texts of all secrets in a checked tree, for tests and for whoever must not print them.
  std::vector<std::string> secrets(const Value& checked) const;

 private:
  static void checkDefaults(const Value& schema, const std::string& path, Problems& problems);

  std::shared_ptr<const Value> schema_;
};

}  // namespace testarena
