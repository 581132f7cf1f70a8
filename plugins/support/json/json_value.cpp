// SPDX-License-Identifier: Apache-2.0
#include "json_value.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include <testarena/error.h>
#include <testarena/utf8.h>

namespace testarena::json {
namespace {

constexpr int kDepth = 64;

void appendUtf8(std::string& out, unsigned point) {
  const auto add = [&out](unsigned octet) { out += static_cast<char>(octet); };
  if (point < 0x80) {
    add(point);
  } else if (point < 0x800) {
    add(0xc0 | point >> 6);
    add(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    add(0xe0 | point >> 12);
    add(0x80 | (point >> 6 & 0x3f));
    add(0x80 | (point & 0x3f));
  } else {
    add(0xf0 | point >> 18);
    add(0x80 | (point >> 12 & 0x3f));
    add(0x80 | (point >> 6 & 0x3f));
    add(0x80 | (point & 0x3f));
  }
}

/// RFC 8259 to the letter. Poco::JSON would take the last of two members of one name and wrap integers that do not fit.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Value whole() {
    Value root = value(0);
    skipSpace();
    if (at_ != text_.size()) refuse("something follows its end");
    return root;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw Invalid("it is no JSON: " + why + " at byte " + std::to_string(at_));
  }
  void skipSpace() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r' || text_[at_] == '\n')) {
      ++at_;
    }
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  bool takeWord(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  Value value(int depth) {
    if (depth > kDepth) refuse("it is nested too deep");
    skipSpace();
    const char c = peek();
    if (c == '{') return object(depth);
    if (c == '[') return list(depth);
    if (c == '"') return {text()};
    if (takeWord("true")) return {true};
    if (takeWord("false")) return {false};
    if (takeWord("null")) return {nullptr};
    return number();
  }

  Value object(int depth) {
    ++at_;
    Value::Object members;
    skipSpace();
    if (take('}')) return {std::move(members)};
    do {
      skipSpace();
      if (peek() != '"') refuse("no name of a member");
      std::string name = text();
      skipSpace();
      if (!take(':')) refuse("no colon");
      Value member = value(depth + 1);
      members.emplace_back(std::move(name), std::move(member));
      skipSpace();
    } while (take(','));
    if (!take('}')) refuse("an object does not end");
    refuseTwins(members);
    return {std::move(members)};
  }

  /// Sorted, because comparing each with each would let a small text cost minutes.
  void refuseTwins(const Value::Object& members) {
    std::vector<std::string_view> names;
    for (const auto& [name, member] : members) names.push_back(name);
    std::sort(names.begin(), names.end());
    const auto twin = std::adjacent_find(names.begin(), names.end());
    if (twin != names.end()) refuse("the member '" + std::string(twin->substr(0, 60)) + "' stands there twice");
  }

  Value list(int depth) {
    ++at_;
    Value::List elements;
    skipSpace();
    if (take(']')) return {std::move(elements)};
    do {
      elements.push_back(value(depth + 1));
      skipSpace();
    } while (take(','));
    if (!take(']')) refuse("a list does not end");
    return {std::move(elements)};
  }

  unsigned hexadecimal() {
    unsigned number = 0;
    const auto* begin = text_.data() + at_;
    const auto* end = text_.data() + std::min(text_.size(), at_ + 4);
    const auto [stop, error] = std::from_chars(begin, end, number, 16);
    if (error != std::errc() || stop - begin != 4) refuse("\\u without four digits");
    at_ += 4;
    return number;
  }

  std::string text() {
    ++at_;
    std::string out;
    for (;;) {
      if (at_ >= text_.size()) refuse("a text does not end");
      const char c = text_[at_++];
      if (c == '"') break;
      if (static_cast<unsigned char>(c) < ' ') refuse("a control character in a text");
      if (c == '\\') {
        escape(out);
      } else {
        out += c;
      }
    }
    if (!isUtf8(out)) refuse("a text is not UTF-8");
    return out;
  }

  void escape(std::string& out) {
    constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
    const char c = peek();
    ++at_;
    if (const std::size_t which = kFrom.find(c); which != std::string_view::npos) {
      out += kTo[which];
      return;
    }
    if (c != 'u') refuse("an escape that does not exist");
    unsigned point = hexadecimal();
    if (point >= 0xd800 && point < 0xdc00 && takeWord("\\u")) {
      const unsigned low = hexadecimal();
      if (low < 0xdc00 || low > 0xdfff) refuse("half a character");
      point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
    }
    if (point >= 0xd800 && point <= 0xdfff) refuse("half a character");
    appendUtf8(out, point);
  }

  std::size_t digits() {
    const std::size_t begin = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    if (at_ == begin) refuse("no value");
    return at_ - begin;
  }

  Value number() {
    const std::size_t begin = at_;
    bool isInteger = true;
    take('-');
    const bool beginsWithZero = peek() == '0';
    if (digits() > 1 && beginsWithZero) refuse("a number begins with 0");
    if (take('.')) {
      isInteger = false;
      digits();
    }
    if (take('e') || take('E')) {
      isInteger = false;
      if (!take('+')) take('-');
      digits();
    }
    const char* first = text_.data() + begin;
    const char* last = text_.data() + at_;
    if (isInteger) {
      std::int64_t number = 0;
      if (std::from_chars(first, last, number).ec != std::errc()) refuse("a number is too large");
      return {number};
    }
    double number = 0;
    if (std::from_chars(first, last, number).ec != std::errc()) refuse("a number is too large");
    return {number};
  }

  const std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

const Value* Value::find(std::string_view name) const {
  const Object* members = object();
  if (members == nullptr) return nullptr;
  const auto found = std::find_if(members->begin(), members->end(), [&](const auto& m) { return m.first == name; });
  return found == members->end() ? nullptr : &found->second;
}

std::optional<std::string> Value::word(std::string_view name) const {
  const Value* member = find(name);
  if (member == nullptr) return std::nullopt;
  if (const std::string* text = member->text()) return *text;
  if (const std::int64_t* number = member->integer()) return std::to_string(*number);
  return std::nullopt;
}

Value parse(std::string_view text) {
  return Parser(text).whole();
}

}  // namespace testarena::json
