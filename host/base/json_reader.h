// SPDX-License-Identifier: Apache-2.0
// Strict JSON, for what strangers send: what is not exactly right is refused, and everything that is wrong is said at
// once.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <testarena/error.h>

#include "record_reader.h"
#include "value.h"

namespace testarena {

struct JsonLimits {
  std::size_t bytes = 256 * 1024;
  int depth = 32;
};

struct JsonProblem {
  std::string pointer;  ///< RFC 6901: "/scenarios/3"; empty is the whole text
  std::string message;
};

/// A JSON text that was refused.
class JsonRefused : public Invalid {
 public:
  explicit JsonRefused(std::vector<JsonProblem> problems);

  const std::vector<JsonProblem>& problems() const { return problems_; }

 private:
  std::vector<JsonProblem> problems_;
};

/// The text as a value. Refused with JsonRefused: anything that RFC 8259 refuses, a byte order mark, bytes that are no
/// UTF-8, a lone surrogate, U+0000 in any form, an object with two members of one name, more than `limits`, and an
/// integer that does not fit 64 bits or a number that does not fit a double. Each value's origin is its line and column
/// in `name`.
Value parseJson(std::string_view text, JsonLimits limits = {}, const std::string& name = "JSON");

/// A request body as a record (TA_FIELDS). Every field is required unless it is a std::optional; a field that the
/// record does not have is refused with the nearest name. Types are exact: 1.0 is no integer, "1" is none either.
/// Throws JsonRefused with all that is wrong.
template <class Record>
Record readJson(std::string_view text, JsonLimits limits = {}) {
  RecordReader reader(RecordReader::Missing::refused);
  Record record = reader.read<Record>(parseJson(text, limits, "request"));
  if (!reader.problems().empty()) {
    std::vector<JsonProblem> problems;
    for (const auto& problem : reader.problems()) problems.push_back({problem.pointer, problem.message});
    throw JsonRefused(std::move(problems));
  }
  return record;
}

/// A name as one step of a JSON pointer: "~" and "/" escaped.
std::string pointerStep(std::string_view name);

}  // namespace testarena
