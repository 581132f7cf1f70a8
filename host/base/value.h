// SPDX-License-Identifier: Apache-2.0
// A value out of a configuration or a JSON text, which knows where it was written.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace testarena {

/// Where a value was written.
struct Origin {
  enum class Kind { unknown, file, environment, command_line, default_value };

  Kind kind = Kind::unknown;
  std::shared_ptr<const std::string> name;  ///< the file as it was given, the variable, or the command line's argument
  std::uint32_t line = 0;                   ///< from 1; 0: the whole file
  std::uint32_t column = 0;

  /// "testarena.toml:7:3", "environment variable TESTARENA__SERVER__LISTEN", "command line --set server.listen", ...
  std::string describe() const;

  /// Variables and command lines carry text only: "8" may be meant as a number.
  bool isText() const { return kind == Kind::environment || kind == Kind::command_line; }
};

/// One of: null, boolean, integer, real number, text, list, table. Tables keep the order in which they were written.
class Value {
 public:
  struct Member;
  using List = std::vector<Value>;
  using Table = std::vector<Member>;

  Value();
  explicit Value(bool boolean, Origin origin = {});
  explicit Value(std::int64_t integer, Origin origin = {});
  explicit Value(double real, Origin origin = {});
  explicit Value(std::string text, Origin origin = {});
  explicit Value(List list, Origin origin = {});
  explicit Value(Table table, Origin origin = {});
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();

  bool isNull() const { return std::holds_alternative<std::monostate>(data_); }
  bool isBoolean() const { return std::holds_alternative<bool>(data_); }
  bool isInteger() const { return std::holds_alternative<std::int64_t>(data_); }
  bool isReal() const { return std::holds_alternative<double>(data_); }
  bool isText() const { return std::holds_alternative<std::string>(data_); }
  bool isList() const { return std::holds_alternative<List>(data_); }
  bool isTable() const { return std::holds_alternative<Table>(data_); }

  /// The name of its kind, for messages: "an integer", "a table", ...
  std::string_view kind() const;

  // Each is `Invalid`, with the origin, if the value is of another kind.
  bool boolean() const;
  std::int64_t integer() const;
  double real() const;  ///< also of an integer
  const std::string& text() const;
  const List& list() const;
  List& list();
  const Table& table() const;
  Table& table();

  /// The member of a table, null if there is none or this is no table.
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  /// The member of a table, made where it is missing.
  Value& member(std::string_view key);
  void erase(std::string_view key);

  const Origin& origin() const { return origin_; }
  void setOrigin(Origin origin) { origin_ = std::move(origin); }

  /// For messages: text in quotes, cut when long; lists and tables by their kind.
  std::string show() const;

 private:
  [[noreturn]] void refuse(std::string_view wanted) const;

  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Table> data_;
  Origin origin_;
};

struct Value::Member {
  std::string key;
  Value value;
};

}  // namespace testarena
