// SPDX-License-Identifier: Apache-2.0
#include "schema_words.h"

#include <algorithm>
#include <iterator>

#include <re2/re2.h>

#include "problems.h"
#include "text.h"

namespace testarena::schema {
namespace {

using Kind = bool (Value::*)() const;

struct Keyword {
  std::string_view name;
  Kind kind;  ///< null: more than one kind; looked at where it is used
  std::string_view wanted;
};

constexpr Keyword kKeywords[] = {
    {"type", &Value::isText, "a text"},
    {"properties", &Value::isTable, "an object"},
    {"required", &Value::isList, "a list"},
    {"additionalProperties", nullptr, ""},
    {"enum", &Value::isList, "a list"},
    {"minimum", nullptr, ""},
    {"maximum", nullptr, ""},
    {"minLength", &Value::isInteger, "an integer"},
    {"maxLength", &Value::isInteger, "an integer"},
    {"minItems", &Value::isInteger, "an integer"},
    {"maxItems", &Value::isInteger, "an integer"},
    {"pattern", &Value::isText, "a text"},
    {"items", &Value::isTable, "an object"},
    {"default", nullptr, ""},
    {"description", &Value::isText, "a text"},
    {"title", &Value::isText, "a text"},
    {"examples", &Value::isList, "a list"},
    {"format", &Value::isText, "a text"},
    {"x-secret", &Value::isBoolean, "true or false"},
    {"x-restart", &Value::isBoolean, "true or false"},
    {"x-deprecated", &Value::isText, "a text"},
    {"x-inherit", nullptr, ""},
};

template <std::size_t N>
std::vector<std::string> list(const std::string_view (&words)[N]) {
  return {std::begin(words), std::end(words)};
}

class SchemaCheck {
 public:
  void node(const Value& schema, const std::string& path) {
    if (!schema.isTable()) return problems_.error(schema.origin(), path, "a schema must be an object");
    keywords(schema, path);
    if (problems_.hasErrors()) return;
    oneOf(schema, path, "type", list(kTypes));
    oneOf(schema, path, "format", list(kFormats));
    rules(schema, path);
    if (const Value* properties = schema.find("properties")) {
      for (const Value::Member& member : properties->table()) node(member.value, keyPath(path, member.key));
    }
    if (const Value* items = schema.find("items")) node(*items, path + "[]");
    const Value* more = schema.find("additionalProperties");
    if (more != nullptr && !more->isBoolean()) node(*more, path + ".*");
  }

  const Problems& problems() const { return problems_; }

 private:
  void keywords(const Value& schema, const std::string& path) {
    for (const Value::Member& member : schema.table()) {
      const auto* known = std::find_if(std::begin(kKeywords), std::end(kKeywords),
                                       [&](const Keyword& keyword) { return keyword.name == member.key; });
      if (known == std::end(kKeywords)) {
        std::vector<std::string> names;
        for (const Keyword& keyword : kKeywords) names.emplace_back(keyword.name);
        problems_.error(member.value.origin(), path,
                        "'" + member.key + "' is no keyword of a schema" + didYouMean(member.key, names));
      } else if (known->kind != nullptr && !(member.value.*known->kind)()) {
        problems_.error(
            member.value.origin(), path,
            "'" + member.key + "' must be " + std::string(known->wanted) + " (got " + member.value.show() + ")");
      }
    }
  }

  void oneOf(const Value& schema, const std::string& path, std::string_view keyword,
             const std::vector<std::string>& known) {
    const Value* value = schema.find(keyword);
    if (value == nullptr || std::find(known.begin(), known.end(), value->text()) != known.end()) return;
    problems_.error(
        value->origin(), path,
        "'" + std::string(keyword) + "' must be one of " + join(known, ", ") + " (got " + value->show() + ")");
  }

  void rules(const Value& schema, const std::string& path) {
    if (const Value* pattern = schema.find("pattern")) {
      const re2::RE2 expression(pattern->text(), re2::RE2::Quiet);
      if (!expression.ok())
        problems_.error(pattern->origin(), path, "'pattern' is no regular expression: " + expression.error());
    }
    for (const std::string_view keyword : {"minimum", "maximum"}) {
      const Value* value = schema.find(keyword);
      if (value != nullptr && !bound(schema, keyword)) {
        problems_.error(value->origin(), path,
                        "'" + std::string(keyword) + "' must be a number (got " + value->show() + ")");
      }
    }
    const Value* properties = schema.find("properties");
    const Value* required = schema.find("required");
    for (const Value& name : required != nullptr ? required->list() : Value::List()) {
      // Without this check a slip of the finger would demand a key that nobody may give.
      if (!name.isText() || properties == nullptr || properties->find(name.text()) == nullptr) {
        problems_.error(name.origin(), path, "'required' names " + name.show() + ", which is no property");
      }
    }
    const Value* more = schema.find("additionalProperties");
    if (more != nullptr && !more->isBoolean() && !more->isTable()) {
      problems_.error(more->origin(), path, "'additionalProperties' must be true, false or a schema");
    }
    const Value* inherit = schema.find("x-inherit");
    if (inherit != nullptr && !inherit->isBoolean() && !inherit->isText()) {
      problems_.error(inherit->origin(), path, "'x-inherit' must be true, or the name of the key to inherit");
    }
    if (isSecret(schema) && word(schema, "type") != "string") {
      problems_.error(schema.origin(), path, "'x-secret' is for values of type string");
    }
  }

  Problems problems_;
};

}  // namespace

std::string_view word(const Value& schema, std::string_view keyword) {
  const Value* value = schema.find(keyword);
  return value != nullptr && value->isText() ? std::string_view(value->text()) : std::string_view();
}

bool flag(const Value& schema, std::string_view keyword) {
  const Value* value = schema.find(keyword);
  return value != nullptr && value->isBoolean() && value->boolean();
}

std::string wanted(const Value& schema) {
  const std::string_view format = word(schema, "format");
  if (format == "duration") return "a duration such as \"250ms\", \"20s\" or \"1h\"";
  if (format == "size") return "a size such as \"512KiB\", \"64MiB\" or \"1GiB\"";
  if (format == "uri") return "a URI such as \"http://host:8080/path\"";
  if (format == "path") return "a path";
  const std::string_view type = word(schema, "type");
  if (type == "object") return "a table";
  if (type == "array") return "a list";
  if (type == "string") return "a text in quotes";
  if (type == "integer") return "an integer";
  if (type == "number") return "a number";
  if (type == "boolean") return "true or false";
  return "a value";
}

std::optional<std::int64_t> measure(std::string_view format, std::string_view text) {
  if (format == "duration") return parseDuration(text);
  if (format == "size") return parseSize(text);
  return std::nullopt;
}

std::optional<double> bound(const Value& schema, std::string_view keyword) {
  const Value* value = schema.find(keyword);
  if (value == nullptr) return std::nullopt;
  if (value->isInteger() || value->isReal()) return value->real();
  if (!value->isText()) return std::nullopt;
  const auto measured = measure(word(schema, "format"), value->text());
  return measured ? std::optional(static_cast<double>(*measured)) : std::nullopt;
}

std::vector<std::string> knownKeys(const Value& schema) {
  std::vector<std::string> keys;
  const Value* properties = schema.find("properties");
  for (const Value::Member& member : properties != nullptr ? properties->table() : Value::Table()) {
    keys.push_back(member.key);
    if (isSecret(member.value)) keys.push_back(member.key + "_file");
  }
  return keys;
}

void checkSchema(const Value& schema) {
  SchemaCheck check;
  check.node(schema, "schema");
  check.problems().throwIfErrors();
  if (word(schema, "type") != "object") {
    throw ConfigurationError(schema.origin(), "schema", "the schema of a configuration must be of type object");
  }
}

}  // namespace testarena::schema
