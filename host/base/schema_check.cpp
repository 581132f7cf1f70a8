// SPDX-License-Identifier: Apache-2.0
#include "schema_check.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include <re2/re2.h>

#include <testarena/utf8.h>

#include "files.h"
#include "schema_words.h"
#include "settings.h"
#include "text.h"

namespace testarena::schema {
namespace {

std::string got(const Value& schema, const Value& value) {
  return " (got " + (isSecret(schema) ? std::string("***") : value.show()) + ")";
}

/// What a variable or the command line means where the schema wants something else than text.
Value fromText(std::string_view type, const Value& value) {
  if (type == "string" || type.empty()) return value;
  try {
    const Value table = parseToml("value = " + value.text(), value.origin().describe());
    if (table.table().size() != 1) return value;  // a line break in it, and more behind
    Value parsed = table.table().front().value;
    parsed.setOrigin(value.origin());
    return parsed;
  } catch (const Error&) {
    return value;  // it stays a text, and the check of its type says what it must be
  }
}

void setDefaultOrigin(Value& value) {
  value.setOrigin({Origin::Kind::default_value, nullptr, 0, 0});
  if (value.isTable()) {
    for (Value::Member& member : value.table()) setDefaultOrigin(member.value);
  } else if (value.isList()) {
    for (Value& element : value.list()) setDefaultOrigin(element);
  }
}

}  // namespace

Value Check::node(const Value& schema, const Value& given, const std::string& path) {
  const std::string_view type = word(schema, "type");
  Value value = given.origin().isText() && given.isText() ? fromText(type, given) : given;
  if (type == "object") return object(schema, value, path);
  if (type == "array") return array(schema, value, path);
  const bool fits = type == "string"    ? value.isText()
                    : type == "integer" ? value.isInteger()
                    : type == "number"  ? value.isInteger() || value.isReal()
                    : type == "boolean" ? value.isBoolean()
                                        : true;
  if (!fits) return wrong(schema, value, path);
  if (value.isText()) value = text(schema, value, path);
  limits(schema, value, path);
  return type == "number" ? Value(value.real(), value.origin()) : value;
}

Value Check::wrong(const Value& schema, const Value& value, const std::string& path) {
  problems_.error(value.origin(), path, "must be " + schema::wanted(schema) + got(schema, value));
  return value;
}

Value Check::object(const Value& schema, const Value& given, const std::string& path) {
  if (!given.isTable()) return wrong(schema, given, path);
  Value checked(Value::Table(), given.origin());
  const Value* properties = schema.find("properties");
  if (properties != nullptr) {
    for (const Value::Member& property : properties->table()) {
      if (auto value = member(property, given, path)) checked.table().push_back({property.key, *std::move(value)});
    }
  }
  others(schema, given, path, checked);
  const Value* required = schema.find("required");
  for (const Value& name : required != nullptr ? required->list() : Value::List()) {
    const Value& property = *properties->find(name.text());
    if (checked.find(name.text()) != nullptr) continue;
    const std::string_view description = word(property, "description");
    problems_.error(given.origin(), path,
                    "the key '" + name.text() + "' is missing: it must be " + schema::wanted(property) +
                        (description.empty() ? "" : " — ") + std::string(description));
  }
  return checked;
}

std::optional<Value> Check::member(const Value::Member& property, const Value& table, const std::string& path) {
  const Value& schema = property.value;
  const std::string memberPath = keyPath(path, property.key);
  const Value* value = table.find(property.key);
  if (isSecret(schema)) {
    if (const Value* file = table.find(property.key + "_file")) {
      if (value != nullptr) {
        problems_.error(file->origin(), keyPath(path, property.key + "_file"),
                        "is set beside '" + property.key + "': keep one of them");
      }
      return secretFrom(schema, *file, memberPath);
    }
    if (value != nullptr) mustBePrivate(*value, memberPath);
  }
  if (value != nullptr) {
    if (const std::string_view instead = word(schema, "x-deprecated"); !instead.empty()) {
      problems_.warning(value->origin(), memberPath, "is deprecated: " + std::string(instead));
    }
    return node(schema, *value, memberPath);
  }
  if (const Value* standard = schema.find("default")) {
    Value given = *standard;
    setDefaultOrigin(given);
    return node(schema, given, memberPath);
  }
  return defaultsWithin(schema, table, memberPath);
}

std::optional<Value> Check::defaultsWithin(const Value& schema, const Value& parent, const std::string& path) {
  if (word(schema, "type") != "object" || schema.find("properties") == nullptr) return std::nullopt;
  Problems problems;
  Value table = Check(problems).node(schema, Value(Value::Table(), parent.origin()), path);
  if (problems.hasErrors() || table.table().empty()) return std::nullopt;
  return table;
}

void Check::others(const Value& schema, const Value& given, const std::string& path, Value& checked) {
  const std::vector<std::string> known = schema::knownKeys(schema);
  const Value* more = schema.find("additionalProperties");
  for (const Value::Member& member : given.table()) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    const std::string memberPath = keyPath(path, member.key);
    if (more != nullptr && more->isTable()) {
      checked.table().push_back({member.key, node(*more, member.value, memberPath)});
    } else if (more != nullptr && more->boolean()) {
      checked.table().push_back(member);
    } else {
      problems_.error(member.value.origin(), memberPath,
                      "unknown key" + didYouMean(member.key, known) +
                          (known.empty() ? "; no keys are known here" : "  known keys: " + join(known, ", ")));
    }
  }
}

Value Check::array(const Value& schema, const Value& given, const std::string& path) {
  if (!given.isList()) return wrong(schema, given, path);
  const auto count = static_cast<double>(given.list().size());
  if (count < bound(schema, "minItems").value_or(0)) {
    problems_.error(given.origin(), path, "needs at least " + schema.find("minItems")->show() + " entries");
  }
  if (const auto most = bound(schema, "maxItems"); most && count > *most) {
    problems_.error(given.origin(), path, "may have at most " + schema.find("maxItems")->show() + " entries");
  }
  const Value* items = schema.find("items");
  if (items == nullptr) return given;
  Value checked(Value::List(), given.origin());
  for (std::size_t i = 0; i < given.list().size(); ++i) {
    checked.list().push_back(node(*items, given.list()[i], keyPath(path, i)));
  }
  return checked;
}

Value Check::text(const Value& schema, const Value& given, const std::string& path) {
  const std::string& text = given.text();
  const std::string_view format = word(schema, "format");
  if (text.find('\0') != std::string::npos || !isUtf8(text)) {
    problems_.error(given.origin(), path, "must be UTF-8 without U+0000");
    return given;
  }
  if (format == "duration" || format == "size") {
    const auto number = schema::measure(format, text);
    return number ? Value(*number, given.origin()) : wrong(schema, given, path);
  }
  static const re2::RE2 kUri("[A-Za-z][A-Za-z0-9+.-]*://[^\\s\\x00-\\x1F\\x7F]+");
  if (format == "uri" && !re2::RE2::FullMatch(text, kUri)) return wrong(schema, given, path);
  if (const std::string_view pattern = word(schema, "pattern"); !pattern.empty()) {
    if (!re2::RE2::FullMatch(text, re2::RE2(re2::StringPiece(pattern.data(), pattern.size()), re2::RE2::Quiet))) {
      problems_.error(given.origin(), path, "must match " + std::string(pattern) + got(schema, given));
    }
  }
  const auto size = static_cast<double>(text.size());
  if (size < bound(schema, "minLength").value_or(0)) {
    problems_.error(
        given.origin(), path,
        text.empty() ? "must not be empty" : "must have at least " + schema.find("minLength")->show() + " bytes");
  }
  if (const auto most = bound(schema, "maxLength"); most && size > *most) {
    problems_.error(given.origin(), path, "may have at most " + schema.find("maxLength")->show() + " bytes");
  }
  return given;
}

void Check::limits(const Value& schema, const Value& value, const std::string& path) {
  if (value.isInteger() || value.isReal()) {
    const auto least = bound(schema, "minimum");
    const auto most = bound(schema, "maximum");
    if (least && value.real() < *least) {
      problems_.error(value.origin(), path, "must be at least " + schema.find("minimum")->show() + got(schema, value));
    }
    if (most && value.real() > *most) {
      problems_.error(value.origin(), path, "must be at most " + schema.find("maximum")->show() + got(schema, value));
    }
  }
  const Value* allowed = schema.find("enum");
  if (allowed == nullptr) return;
  std::vector<std::string> words;
  for (const Value& one : allowed->list()) {
    if (one.show() == value.show()) return;
    words.push_back(one.isText() ? one.text() : one.show());
  }
  problems_.error(value.origin(), path,
                  "must be one of " + join(words, ", ") + got(schema, value) +
                      (value.isText() && !isSecret(schema) ? didYouMean(value.text(), words) : std::string()));
}

std::optional<Value> Check::secretFrom(const Value& schema, const Value& file, const std::string& path) {
  const std::string filePath = path + "_file";
  if (!file.isText()) {
    problems_.error(file.origin(), filePath, "must be a path (got " + file.show() + ")");
    return file;
  }
  std::filesystem::path name = file.text();
  // A relative name is meant beside the file that names it, wherever the server was started.
  if (name.is_relative() && file.origin().kind == Origin::Kind::file && file.origin().name) {
    name = std::filesystem::path(*file.origin().name).parent_path() / name;
  }
  if (const std::string why = readableByOthers(name); !why.empty()) {
    problems_.error(file.origin(), filePath, name.string() + " has a secret in it and " + why);
    return file;
  }
  try {
    std::string secret = readFile(name, 64 * 1024);
    if (!secret.empty() && secret.back() == '\n') secret.pop_back();
    return node(schema, Value(std::move(secret), file.origin()), path);
  } catch (const Error& failure) {
    problems_.error(file.origin(), filePath, failure.what());
    return file;
  }
}

void Check::mustBePrivate(const Value& value, const std::string& path) {
  if (value.origin().kind != Origin::Kind::file || !value.origin().name) return;
  const std::string why = readableByOthers(*value.origin().name);
  if (!why.empty()) {
    problems_.error(value.origin(), path,
                    "is a secret and " + *value.origin().name + " is no private file: " + why + ", or use the key '" +
                        path.substr(path.rfind('.') + 1) + "_file'");
  }
}

}  // namespace testarena::schema
