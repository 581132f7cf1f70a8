// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>

#include <fmt/format.h>

#include <testarena/utf8.h>

#include "json_reader.h"
#include "text.h"

namespace testarena {
namespace {

/// Recursive descent over a text that is known to be UTF-8. The first mistake ends it: what follows could only be
/// guessed.
class Parser {
 public:
  Parser(std::string_view text, const JsonLimits& limits, const std::string& name)
      : text_(text), limits_(limits), name_(std::make_shared<const std::string>(name)) {}

  Value parse() {
    Value value = parseValue(1);
    skipSpace();
    if (at_ != text_.size()) fail("nothing may follow the value");
    return value;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    const Origin place = origin();
    throw JsonRefused({{pointer_, fmt::format("line {}, column {}: {}", place.line, place.column, what)}});
  }

  Origin origin() const {
    const auto column = static_cast<std::uint32_t>(at_ - lineStart_ + 1);
    return {Origin::Kind::file, name_, line_, column};
  }

  bool atEnd() const { return at_ == text_.size(); }

  void skipSpace() {
    for (; !atEnd(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') {
        ++line_;
        lineStart_ = at_ + 1;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return;
      }
    }
  }

  bool take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  Value parseValue(int depth) {
    if (depth > limits_.depth) fail(fmt::format("more than {} levels of nesting", limits_.depth));
    skipSpace();
    const Origin here = origin();
    if (atEnd()) fail("a value is missing");
    switch (text_[at_]) {
      case '{':
        return parseObject(depth, here);
      case '[':
        return parseArray(depth, here);
      case '"':
        return Value(parseString(), here);
      case 't':
        if (take("true")) return Value(true, here);
        break;
      case 'f':
        if (take("false")) return Value(false, here);
        break;
      case 'n':
        if (take("null")) {
          Value null;
          null.setOrigin(here);
          return null;
        }
        break;
      default:
        if (text_[at_] == '-' || (text_[at_] >= '0' && text_[at_] <= '9')) return parseNumber(here);
    }
    fail("this is no JSON value");
  }

  Value parseObject(int depth, const Origin& here) {
    Value object(Value::Table(), here);
    ++at_;
    skipSpace();
    if (take("}")) return object;
    const std::size_t outer = pointer_.size();
    do {
      skipSpace();
      if (atEnd() || text_[at_] != '"') fail("the name of a member is missing");
      std::string name = parseString();
      pointer_ += '/' + pointerStep(name);
      skipSpace();
      if (!take(":")) fail("a ':' is missing");
      Value value = parseValue(depth + 1);
      object.table().push_back({std::move(name), std::move(value)});
      pointer_.resize(outer);
      skipSpace();
    } while (take(","));
    if (!take("}")) fail("a ',' or '}' is missing");
    refuseTwins(object);
    return object;
  }

  /// Two readers of one text must not see two different values, so neither the first nor the last wins. Sorted, because
  /// comparing each with each would let a small text cost seconds.
  void refuseTwins(const Value& object) {
    std::vector<std::string_view> names;
    for (const Value::Member& member : object.table()) names.push_back(member.key);
    std::sort(names.begin(), names.end());
    const auto twin = std::adjacent_find(names.begin(), names.end());
    if (twin == names.end()) return;
    pointer_ += '/' + pointerStep(*twin);
    fail("this name occurs twice");
  }

  Value parseArray(int depth, const Origin& here) {
    Value array(Value::List(), here);
    ++at_;
    skipSpace();
    if (take("]")) return array;
    const std::size_t outer = pointer_.size();
    do {
      pointer_ += '/' + std::to_string(array.list().size());
      Value value = parseValue(depth + 1);
      array.list().push_back(std::move(value));
      pointer_.resize(outer);
      skipSpace();
    } while (take(","));
    if (!take("]")) fail("a ',' or ']' is missing");
    return array;
  }

  std::string parseString() {
    std::string out;
    for (++at_; !atEnd(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return out;
      }
      if (static_cast<unsigned char>(c) < 0x20) fail("a control character in a text must be written as an escape");
      if (c != '\\') {
        out += c;
        continue;
      }
      if (++at_ == text_.size()) break;
      parseEscape(out);
    }
    fail("a text is not closed");
  }

  /// Stands on the character after the backslash, leaves at_ on the last one of the escape.
  void parseEscape(std::string& out) {
    switch (text_[at_]) {
      case '"':
      case '\\':
      case '/':
        out += text_[at_];
        return;
      case 'b':
        out += '\b';
        return;
      case 'f':
        out += '\f';
        return;
      case 'n':
        out += '\n';
        return;
      case 'r':
        out += '\r';
        return;
      case 't':
        out += '\t';
        return;
      case 'u':
        return parseUnicode(out);
      default:
        fail("there is no such escape");
    }
  }

  void parseUnicode(std::string& out) {
    char32_t character = parseFourDigits();
    if (character == 0) fail("U+0000 is not allowed");
    if (character >= 0xDC00 && character <= 0xDFFF) fail("half of a surrogate pair");
    if (character >= 0xD800 && character <= 0xDBFF) {
      if (text_.substr(at_ + 1, 2) != "\\u") fail("half of a surrogate pair");
      at_ += 2;
      const char32_t low = parseFourDigits();
      if (low < 0xDC00 || low > 0xDFFF) fail("half of a surrogate pair");
      character = 0x10000 + ((character - 0xD800) << 10U) + (low - 0xDC00);
    }
    appendUtf8(out, character);
  }

  /// Stands on the 'u', leaves at_ on the last digit.
  char32_t parseFourDigits() {
    const std::string_view digits = text_.substr(at_ + 1, 4);
    unsigned value = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 4 || failure != std::errc() || end != digits.data() + 4)
      fail("\\u needs four hexadecimal digits");
    at_ += 4;
    return value;
  }

  Value parseNumber(const Origin& here) {
    const std::size_t start = at_;
    const auto digits = [this] {
      const std::size_t first = at_;
      while (!atEnd() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
      return at_ - first;
    };
    take("-");
    const bool zero = !atEnd() && text_[at_] == '0';
    const std::size_t whole = digits();
    if (whole == 0 || (zero && whole > 1)) fail("this is no JSON number");
    bool integer = true;
    if (take(".")) {
      integer = false;
      if (digits() == 0) fail("digits are missing after the '.'");
    }
    if (take("e") || take("E")) {
      integer = false;
      if (!take("+")) take("-");
      if (digits() == 0) fail("digits are missing in the exponent");
    }
    const char* first = text_.data() + start;
    const char* last = text_.data() + at_;
    if (integer) {
      std::int64_t value = 0;
      if (std::from_chars(first, last, value).ec != std::errc()) fail("the integer does not fit 64 bits");
      return Value(value, here);
    }
    double value = 0;
    if (std::from_chars(first, last, value).ec != std::errc() || !std::isfinite(value))
      fail("the number is out of range");
    return Value(value, here);
  }

  std::string_view text_;
  const JsonLimits& limits_;
  std::shared_ptr<const std::string> name_;
  std::size_t at_ = 0;
  std::size_t lineStart_ = 0;
  std::uint32_t line_ = 1;
  std::string pointer_;
};

[[noreturn]] void refuseWhole(std::string message) {
  throw JsonRefused(std::vector<JsonProblem>{{std::string(), std::move(message)}});
}

}  // namespace

Value parseJson(std::string_view text, JsonLimits limits, const std::string& name) {
  if (text.size() > limits.bytes) refuseWhole(fmt::format("more than {} bytes", limits.bytes));
  if (text.substr(0, 3) == "\xEF\xBB\xBF") refuseWhole("a byte order mark is not allowed");
  if (!isUtf8(text)) refuseWhole("the text is not UTF-8");
  return Parser(text, limits, name).parse();
}

}  // namespace testarena
