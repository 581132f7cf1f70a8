// SPDX-License-Identifier: Apache-2.0
// Reads MessagePack values one after the other from a peer that is not trusted.
//
// What bounds the work and the memory: a container's count is refused if fewer octets are left than it has elements,
// what the elements will take in memory is charged against kMaxMessageBytes before they are made, records and
// containers nest at most kMaxDepth deep, and a value that nobody wants is skipped by a loop, however deep it nests.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

#include <testarena/bytes.h>
#include <testarena/detail/forms.h>
#include <testarena/detail/step.h>
#include <testarena/error.h>
#include <testarena/utf8.h>

namespace testarena {
inline namespace v1 {
namespace detail {

/// Larger messages are refused on both sides; whoever has more to say says it in pages.
inline constexpr std::size_t kMaxMessageBytes = std::size_t{64} << 20;

inline constexpr int kMaxDepth = 32;

class Reader {
 public:
  Reader(ta_bytes head, ta_bytes tail) {
    if (head.size > kMaxMessageBytes || tail.size > kMaxMessageBytes - head.size) {
      throw Exhausted("a message has at most 64 MiB");
    }
    const std::string_view text = toView(head);
    at_ = text.data();
    left_ = text.size();
    tail_ = toView(tail);
  }

  /// Call it when the message should be over.
  void finish() {
    if (left_ != 0 || !tail_.empty()) refuse("octets follow the end of the message");
  }

  bool takeNull() {
    if (left_ == 0 || static_cast<unsigned char>(*at_) != 0xC0) return false;
    advance(1);
    return true;
  }

  bool boolean() {
    const Form form = next();
    if (form.kind != Kind::kBool) refuseKind("true or false", form);
    return form.inside != 0;
  }

  std::int64_t integer() { return integer(next()); }

  double number() {
    const Form form = next();
    if (form.kind != Kind::kFloat) return static_cast<double>(integer(form));  // other writers send 1 for 1.0
    const std::uint64_t bits = load(form.width);
    if (form.width == 4) return static_cast<double>(from<float>(static_cast<std::uint32_t>(bits)));
    return from<double>(bits);
  }

  /// Text must be UTF-8 from here on: everything behind (SQL, JSON, the page) relies on it.
  std::string_view text() {
    const Form form = next();
    if (form.kind != Kind::kText) refuseKind("text", form);
    const std::string_view text = take(length(form));
    if (!isUtf8(text)) refuse("the text is not UTF-8");
    return text;
  }

  std::string_view octets() {
    const Form form = next();
    if (form.kind != Kind::kOctets) refuseKind("octets", form);
    return octets(length(form));
  }

  /// The count of a list's elements, each of which will take `bytesEach` in memory.
  std::size_t list(std::size_t bytesEach) {
    const Form form = next();
    if (form.kind != Kind::kList) refuseKind("a list", form);
    return count(form, 1, bytesEach);
  }

  /// The count of a map's entries, or of a record's fields.
  std::size_t map(const char* expected, std::size_t bytesEach) {
    const Form form = next();
    if (form.kind != Kind::kMap) refuseKind(expected, form);
    return count(form, 2, bytesEach);
  }

  /// Passes over these octets if they come next.
  template <std::size_t N>
  bool takeExactly(const std::array<char, N>& octets) {
    if (left_ < N || std::memcmp(at_, octets.data(), N) != 0) return false;
    advance(N);
    return true;
  }

  /// Passes over one value of any kind.
  void skip() {
    for (std::uint64_t values = 1; values > 0; --values) {
      if (values > left_) refuseEnd();
      const Form form = next();
      switch (form.kind) {
        case Kind::kList:
          values += length(form);
          break;
        case Kind::kMap:
          values += 2 * length(form);
          break;
        case Kind::kText:
          take(length(form));
          break;
        case Kind::kOctets:
          octets(length(form));
          break;
        case Kind::kExtension:
          take(length(form) + 1);
          break;  // its type and its data
        case Kind::kUnused:
          refuseKind("a value", form);
        default:
          take(form.width);
      }
    }
  }

  [[noreturn]] void refuse(const std::string& what) const {
    const std::string path = pathOf(step_);
    throw Invalid(path.empty() ? what : path + ": " + what, pointerOf(step_));
  }

  /// While it lives, the reader is inside one more record, list or map.
  class Inside {
   public:
    explicit Inside(Reader& reader) : step{reader.step_}, reader_(reader) {
      if (++reader.depth_ > kMaxDepth) reader.refuse("nested more than 32 deep");
      reader.step_ = &step;
    }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
    ~Inside() {
      --reader_.depth_;
      reader_.step_ = step.outer;
    }

    Step step;

   private:
    Reader& reader_;
  };

 private:
  Form next() {
    if (left_ == 0) refuseEnd();
    const Form form = formOf(static_cast<unsigned char>(*at_));
    advance(1);
    return form;
  }

  std::uint64_t load(unsigned width) {
    if (width > left_) refuseEnd();
    std::uint64_t value = 0;
    for (unsigned i = 0; i < width; ++i) value = value << 8 | static_cast<unsigned char>(at_[i]);
    advance(width);
    return value;
  }

  std::uint64_t length(Form form) { return form.width == 0 ? form.inside : load(form.width); }

  std::int64_t integer(Form form) {
    if (form.kind == Kind::kUnsigned) {
      const std::uint64_t value = length(form);
      if (value > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) refuse("the number is too large");
      return static_cast<std::int64_t>(value);
    }
    if (form.kind != Kind::kSigned) refuseKind("an integer", form);
    switch (form.width) {
      case 0:
        return static_cast<std::int8_t>(form.inside);
      case 1:
        return static_cast<std::int8_t>(load(1));
      case 2:
        return static_cast<std::int16_t>(load(2));
      case 4:
        return static_cast<std::int32_t>(load(4));
      default:
        return static_cast<std::int64_t>(load(8));
    }
  }

  std::string_view take(std::uint64_t size) {
    if (size > left_) refuseEnd();
    const std::string_view taken(at_, static_cast<std::size_t>(size));
    advance(taken.size());
    return taken;
  }

  /// The content of a blob: here, or, if it is the very last of the message, in the tail.
  std::string_view octets(std::uint64_t size) {
    if (left_ != 0 || size == 0 || size != tail_.size()) return take(size);
    const std::string_view taken = tail_;
    tail_ = {};
    return taken;
  }

  std::size_t count(Form form, std::size_t octetsEach, std::size_t bytesEach) {
    const std::uint64_t count = length(form);
    if (count > left_ / octetsEach) refuseEnd();
    if (bytesEach != 0 && count > memory_ / bytesEach) refuse("takes more than 64 MiB in memory");
    memory_ -= static_cast<std::size_t>(count) * bytesEach;
    return static_cast<std::size_t>(count);
  }

  template <class Float, class Bits>
  static Float from(Bits bits) {
    Float value;
    static_assert(sizeof value == sizeof bits);
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }

  void advance(std::size_t size) {
    at_ += size;
    left_ -= size;
  }

  [[noreturn]] void refuseEnd() const { refuse("the message ends early"); }
  [[noreturn]] void refuseKind(const char* expected, Form found) const {
    refuse(std::string("expected ") + expected + ", found " + kindName(found.kind));
  }

  const char* at_ = nullptr;
  std::size_t left_ = 0;
  std::string_view tail_;  // empty once it was read
  std::size_t memory_ = kMaxMessageBytes;
  const Step* step_ = nullptr;
  int depth_ = 0;
};

}  // namespace detail
}  // namespace v1
}  // namespace testarena
