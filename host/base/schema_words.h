// SPDX-License-Identifier: Apache-2.0
// The keywords of a Schema, read from its JSON: shared by what checks a schema and what checks by one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "value.h"

namespace testarena::schema {

inline constexpr std::string_view kTypes[] = {"object", "array", "string", "integer", "number", "boolean"};
inline constexpr std::string_view kFormats[] = {"uri", "duration", "size", "path"};

/// The text under a keyword; empty if it is not there.
std::string_view word(const Value& schema, std::string_view keyword);
bool flag(const Value& schema, std::string_view keyword);

inline bool isSecret(const Value& schema) {
  return flag(schema, "x-secret");
}

/// "a duration such as "250ms", "20s" or "1h"": what a value must be, for messages.
std::string wanted(const Value& schema);

/// A text in the number its format stands for: milliseconds or bytes. Nothing for other formats and other texts.
std::optional<std::int64_t> measure(std::string_view format, std::string_view text);

/// `minimum`, `maxLength`, ...: a number, or a text in the schema's own format.
std::optional<double> bound(const Value& schema, std::string_view keyword);

/// The names of the properties; with the `_file` form behind each secret one.
std::vector<std::string> knownKeys(const Value& schema);

/// Refuses, with ConfigurationError, what is no schema of the subset.
void checkSchema(const Value& schema);

}  // namespace testarena::schema
