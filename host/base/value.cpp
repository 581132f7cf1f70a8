// SPDX-License-Identifier: Apache-2.0
#include "value.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include <testarena/error.h>

#include "log_line.h"

namespace testarena {

std::string Origin::describe() const {
  const std::string subject = name ? *name : std::string();
  switch (kind) {
    case Kind::file:
      return line == 0 ? subject : subject + ":" + std::to_string(line) + ":" + std::to_string(column);
    case Kind::environment:
      return "environment variable " + subject;
    case Kind::command_line:
      return "command line, " + subject;
    case Kind::default_value:
      return "default";
    case Kind::unknown:
      break;
  }
  return subject.empty() ? "configuration" : subject;
}

Value::Value() = default;
Value::Value(bool boolean, Origin origin) : data_(boolean), origin_(std::move(origin)) {}
Value::Value(std::int64_t integer, Origin origin) : data_(integer), origin_(std::move(origin)) {}
Value::Value(double real, Origin origin) : data_(real), origin_(std::move(origin)) {}
Value::Value(std::string text, Origin origin) : data_(std::move(text)), origin_(std::move(origin)) {}
Value::Value(List list, Origin origin) : data_(std::move(list)), origin_(std::move(origin)) {}
Value::Value(Table table, Origin origin) : data_(std::move(table)), origin_(std::move(origin)) {}
Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;

std::string_view Value::kind() const {
  static constexpr std::array<std::string_view, 7> kNames = {"nothing", "a boolean", "an integer", "a number",
                                                             "a text",  "a list",    "a table"};
  return kNames[data_.index()];
}

void Value::refuse(std::string_view wanted) const {
  throw Invalid(origin_.describe() + ": must be " + std::string(wanted) + " (got " + show() + ")");
}

bool Value::boolean() const {
  if (!isBoolean()) refuse("true or false");
  return std::get<bool>(data_);
}

std::int64_t Value::integer() const {
  if (!isInteger()) refuse("an integer");
  return std::get<std::int64_t>(data_);
}

double Value::real() const {
  if (isInteger()) return static_cast<double>(std::get<std::int64_t>(data_));
  if (!isReal()) refuse("a number");
  return std::get<double>(data_);
}

const std::string& Value::text() const {
  if (!isText()) refuse("a text");
  return std::get<std::string>(data_);
}

const Value::List& Value::list() const {
  if (!isList()) refuse("a list");
  return std::get<List>(data_);
}
Value::List& Value::list() {
  return const_cast<List&>(std::as_const(*this).list());
}

const Value::Table& Value::table() const {
  if (!isTable()) refuse("a table");
  return std::get<Table>(data_);
}
Value::Table& Value::table() {
  return const_cast<Table&>(std::as_const(*this).table());
}

const Value* Value::find(std::string_view key) const {
  if (!isTable()) return nullptr;
  for (const Member& member : std::get<Table>(data_)) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}
Value* Value::find(std::string_view key) {
  return const_cast<Value*>(std::as_const(*this).find(key));
}

Value& Value::member(std::string_view key) {
  if (Value* found = find(key)) return *found;
  return table().emplace_back(Member{std::string(key), Value()}).value;
}

void Value::erase(std::string_view key) {
  std::erase_if(table(), [key](const Member& member) { return member.key == key; });
}

std::string Value::show() const {
  if (isBoolean()) return std::get<bool>(data_) ? "true" : "false";
  if (isInteger()) return std::to_string(std::get<std::int64_t>(data_));
  if (isReal()) return fmt::format("{}", std::get<double>(data_));
  if (!isText()) return std::string(kind());
  const std::string& text = std::get<std::string>(data_);
  std::string shown = "\"";
  appendVisible(shown, std::string_view(text).substr(0, 80));
  return shown + (text.size() > 80 ? "…\"" : "\"");
}

}  // namespace testarena
