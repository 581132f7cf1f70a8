// SPDX-License-Identifier: Apache-2.0
#include "record_reader.h"

#include "json_reader.h"
#include "problems.h"
#include "text.h"

namespace testarena {

RecordReader::Step::Step(RecordReader& reader, std::string_view name)
    : reader_(reader), length_(reader.pointer_.size()) {
  reader_.pointer_ += '/';
  reader_.pointer_ += pointerStep(name);
}

void RecordReader::refuse(std::string message, const Value& value) {
  problems_.push_back({pointer_, std::move(message), value.origin()});
}

void RecordReader::wrongKind(std::string_view wanted, const Value& value) {
  refuse("must be " + std::string(wanted) + " (got " + value.show() + ")", value);
}

void RecordReader::refuseUnknown(const Value::Member& member, const std::vector<std::string>& known) {
  const Step step(*this, member.key);
  refuse("unknown field" + didYouMean(member.key, known) +
             (known.empty() ? " no fields are known here" : " known fields: " + join(known, ", ")),
         member.value);
}

void RecordReader::readTime(const Value& value, Time& field) {
  const auto time = value.isText() ? parseTime(value.text()) : std::nullopt;
  if (!time) return wrongKind("a time such as \"2026-03-01T12:00:00Z\"", value);
  field = *time;
}

std::size_t RecordReader::indexOfWord(const Value& value, const std::vector<std::string>& known) {
  std::size_t index = 0;
  while (index < known.size() && !(value.isText() && value.text() == known[index])) ++index;
  if (index == known.size()) {
    refuse("must be one of " + join(known, ", ") + " (got " + value.show() + ")" +
               (value.isText() ? didYouMean(value.text(), known) : std::string()),
           value);
  }
  return index;
}

void RecordReader::throwIfProblems() const {
  Problems all;
  for (const Problem& problem : problems_) all.error(problem.origin, problem.pointer, problem.message);
  all.throwIfErrors();
}

}  // namespace testarena
