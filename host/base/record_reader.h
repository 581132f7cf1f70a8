// SPDX-License-Identifier: Apache-2.0
// Turns values into records (structs with TA_FIELDS), collecting everything that does not fit.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <testarena/record.h>

#include "value.h"

namespace testarena {

class RecordReader {
 public:
  enum class Missing {
    refused,  ///< for what strangers send: each field that is not a std::optional must be there, and no other
    kept,     ///< for what was checked before: a missing field keeps its initialiser, others belong to somebody else
  };

  struct Problem {
    std::string pointer;  ///< RFC 6901
    std::string message;
    Origin origin;
  };

  explicit RecordReader(Missing missing) : missing_(missing) {}

  /// The record; what could not be read keeps its initialiser and is told by problems().
  template <class Record>
  Record read(const Value& value) {
    static_assert(detail::isRecord<Record>, "only structs with TA_FIELDS can be read");
    Record record;
    readField(value, record);
    return record;
  }

  const std::vector<Problem>& problems() const { return problems_; }

  /// Throws ConfigurationError with all problems, if there is one.
  void throwIfProblems() const;

 private:
  template <class Field>
  void readField(const Value& value, Field& field) {
    if constexpr (detail::isOptional<Field>) {
      if (value.isNull()) {
        field.reset();
      } else {
        readField(value, field.emplace());
      }
    } else if constexpr (detail::isRecord<Field>) {
      if (!value.isTable()) return wrongKind("an object", value);
      readMembers(value, field, std::make_index_sequence<detail::kFieldCount<Field>>());
    } else if constexpr (detail::isVector<Field>) {
      if (!value.isList()) return wrongKind("an array", value);
      field.clear();
      for (std::size_t i = 0; i < value.list().size(); ++i) {
        const Step step(*this, std::to_string(i));
        readField(value.list()[i], field.emplace_back());
      }
    } else if constexpr (detail::isMap<Field>) {
      if (!value.isTable()) return wrongKind("an object", value);
      field.clear();
      for (const Value::Member& member : value.table()) {
        const Step step(*this, member.key);
        readField(member.value, field[member.key]);
      }
    } else {
      readPlain(value, field);
    }
  }

  template <class Record, std::size_t... I>
  void readMembers(const Value& value, Record& record, std::index_sequence<I...>) {
    constexpr auto& names = detail::kFields<Record>;
    if (missing_ == Missing::refused) {
      for (const Value::Member& member : value.table()) {
        if (detail::indexOf(names, member.key) == names.size()) {
          refuseUnknown(member, std::vector<std::string>(names.begin(), names.end()));
        }
      }
    }
    auto fields = record.ta_tie();
    (readMember(value, names[I], std::get<I>(fields)), ...);
    (void)fields;
  }

  template <class Field>
  void readMember(const Value& table, std::string_view name, Field& field) {
    const Step step(*this, name);
    if (const Value* value = table.find(name)) {
      readField(*value, field);
    } else if (missing_ == Missing::refused && !detail::isOptional<Field>) {
      refuse("is required", table);
    }
  }

  template <class Field>
  void readPlain(const Value& value, Field& field) {
    if constexpr (std::is_same_v<Field, bool>) {
      if (!value.isBoolean()) return wrongKind("true or false", value);
      field = value.boolean();
    } else if constexpr (std::is_same_v<Field, std::int64_t>) {
      if (!value.isInteger()) return wrongKind("an integer", value);
      field = value.integer();
    } else if constexpr (std::is_same_v<Field, std::chrono::milliseconds>) {
      if (!value.isInteger()) return wrongKind("an integer (milliseconds)", value);
      field = std::chrono::milliseconds(value.integer());
    } else if constexpr (std::is_same_v<Field, double>) {
      if (!value.isReal() && !value.isInteger()) return wrongKind("a number", value);
      field = value.real();
    } else if constexpr (std::is_same_v<Field, std::string>) {
      if (!value.isText()) return wrongKind("a text", value);
      field = value.text();
    } else if constexpr (std::is_same_v<Field, Time>) {
      readTime(value, field);
    } else {
      static_assert(detail::isNamedEnum<Field>, "this type of field cannot be read from a value");
      const auto& names = enumNames<Field>();
      // `unknown` is what a newer peer's word becomes; nobody may ask for it.
      std::vector<std::string> known(names.begin() + 1, names.end());
      const auto index = indexOfWord(value, known);
      if (index < known.size()) field = static_cast<Field>(index + 1);
    }
  }

  /// One step down in the JSON pointer, for as long as it lives.
  class Step {
   public:
    Step(RecordReader& reader, std::string_view name);
    ~Step() { reader_.pointer_.resize(length_); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    RecordReader& reader_;
    std::size_t length_;
  };

  void refuse(std::string message, const Value& value);
  void wrongKind(std::string_view wanted, const Value& value);
  void refuseUnknown(const Value::Member& member, const std::vector<std::string>& known);
  void readTime(const Value& value, Time& field);
  /// The index of the value's text in `known`; known.size(), and a problem, if it is not there.
  std::size_t indexOfWord(const Value& value, const std::vector<std::string>& known);

  Missing missing_;
  std::string pointer_;
  std::vector<Problem> problems_;
};

/// A checked configuration as a record; what the record has and the configuration has not keeps its initialiser.
/// ConfigurationError, with the place, if a value does not fit its field.
template <class Record>
Record read(const Value& value) {
  RecordReader reader(RecordReader::Missing::kept);
  Record record = reader.read<Record>(value);
  reader.throwIfProblems();
  return record;
}

}  // namespace testarena
