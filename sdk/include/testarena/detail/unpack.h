// SPDX-License-Identifier: Apache-2.0
// MessagePack to records, from a peer that is not trusted. The public functions are in <testarena/message.h>.
//
// What bounds the work and the memory: a container's count is refused if fewer octets are left than it has elements,
// its elements are charged by their size in memory against kMaxMessageBytes before they are made, records and
// containers nest at most kMaxDepth deep, and a value of an unknown field is skipped by a loop, however deep it nests.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include <testarena/detail/pack.h>
#include <testarena/utf8.h>

namespace testarena {
inline namespace v1 {
namespace detail {

/// What becomes of a Bytes field: a string of its own, or a view of the message (for as long as that lives).
enum class Blobs { kOwn, kBorrow };

inline constexpr int kMaxDepth = 32;

/// Where the reader is, for messages: `jobs[0].state`. Steps stand on the stack of the functions that read.
struct Step {
  static constexpr std::size_t kNoIndex = ~std::size_t{0};
  const Step* outer;
  std::string_view name{};
  std::size_t index = kNoIndex;
};

class Unpacker {
 public:
  Unpacker(ta_bytes head, ta_bytes tail, Blobs blobs)
      : at_(static_cast<const char*>(head.data)),
        end_(head.size == 0 ? at_ : at_ + head.size),
        tail_(toView(tail)),
        blobs_(blobs) {
    if (head.size > kMaxMessageBytes || tail.size > kMaxMessageBytes - head.size) {
      throw Exhausted("a message has at most 64 MiB");
    }
  }

  template <class T>
  void message(T& record) {
    static_assert(isRecord<T>, "a message is a record: nothing could be added to a bare value later");
    fields(record);
    if (at_ != end_ || !tail_.empty()) refuse("octets follow the end of the message");
  }

 private:
  // ---- values
  // ---------------------------------------------------------------------------------------------------------

  template <class T>
  void value(T& value) {
    if constexpr (isOptional<T>) {
      if (takeNull()) {
        value.reset();
      } else {
        this->value(value.emplace());
      }
    } else if constexpr (isVector<T>) {
      elements(value);
    } else if constexpr (isMap<T>) {
      entries(value);
    } else if constexpr (isRecord<T>) {
      fields(value);
    } else if constexpr (std::is_same_v<T, bool>) {
      const unsigned code = next();
      if (code != 0xC2 && code != 0xC3) refuseCode("true or false", code);
      value = code == 0xC3;
    } else if constexpr (std::is_same_v<T, std::int64_t>) {
      value = integer();
    } else if constexpr (std::is_same_v<T, double>) {
      value = number();
    } else if constexpr (std::is_same_v<T, std::string>) {
      value = text();
    } else if constexpr (std::is_same_v<T, Bytes>) {
      const std::string_view octets = blob();
      value = blobs_ == Blobs::kBorrow ? Bytes::borrow(octets) : Bytes(std::string(octets));
    } else if constexpr (std::is_same_v<T, Time>) {
      value = Time(Time::duration(integer()));
    } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
      value = std::chrono::milliseconds(integer());
    } else {
      value = enumValue<T>(text()).value_or(T{});  // a newer peer's name: `unknown`, which is 0
    }
  }

  template <class T>
  void elements(std::vector<T>& list) {
    const Depth depth(*this);
    const std::size_t count = container(0x90, 0xDC, 1, "a list");
    charge(count, sizeof(T));
    Step step{step_};
    step_ = &step;
    list.clear();
    list.reserve(count);
    for (step.index = 0; step.index < count; ++step.index) value(list.emplace_back());
    step_ = step.outer;
  }

  template <class T>
  void entries(std::map<std::string, T>& map) {
    const Depth depth(*this);
    const std::size_t count = container(0x80, 0xDE, 2, "a map");
    charge(count, sizeof(typename std::map<std::string, T>::value_type) + 4 * sizeof(void*));
    Step step{step_};
    step_ = &step;
    map.clear();
    for (std::size_t i = 0; i < count; ++i) {
      step.name = text();
      const auto [entry, added] = map.try_emplace(std::string(step.name));
      if (!added) refuse("stands there twice");
      value(entry->second);
    }
    step_ = step.outer;
  }

  // ---- fields of a record
  // -----------------------------------------------------------------------------------------------

  template <class T>
  void fields(T& record) {
    const Depth depth(*this);
    std::size_t left = container(0x80, 0xDE, 2, "a record");
    Step step{step_};
    step_ = &step;
    std::uint64_t seen = 0;
    inOrder(record, step, left, seen, std::make_index_sequence<kFieldCount<T>>());
    for (; left > 0; --left) anyField(record, step, seen);
    step_ = step.outer;
  }

  /// Peers of the same version send our fields in our order: each then costs one comparison.
  template <class T, std::size_t... I>
  void inOrder([[maybe_unused]] T& record, [[maybe_unused]] Step& step, [[maybe_unused]] std::size_t& left,
               [[maybe_unused]] std::uint64_t& seen, std::index_sequence<I...>) {
    (void)((left > 0 && takeKey(kPackedKey<T, I>) &&
            (member<T, I>(*this, record, step), --left, seen |= bit(I), true)) &&
           ...);
  }

  template <std::size_t N>
  bool takeKey(const std::array<char, N>& key) {
    if (remaining() < N || std::memcmp(at_, key.data(), N) != 0) return false;
    at_ += N;
    return true;
  }

  template <class T>
  void anyField(T& record, Step& step, std::uint64_t& seen) {
    step.name = {};
    step.name = text();
    const std::size_t index = indexOf(kFields<T>, step.name);
    if (index == kFieldCount<T>) return skip();
    if (seen & bit(index)) refuse("stands there twice");
    seen |= bit(index);
    memberAt(record, index, step, std::make_index_sequence<kFieldCount<T>>());
  }

  template <class T, std::size_t... I>
  void memberAt([[maybe_unused]] T& record, [[maybe_unused]] std::size_t index, [[maybe_unused]] Step& step,
                std::index_sequence<I...>) {
    (void)((index == I && (member<T, I>(*this, record, step), true)) || ...);
  }

  template <class T, std::size_t I>
  static void member(Unpacker& self, T& record, Step& step) {
    step.name = kFields<T>[I];
    auto& member = std::get<I>(record.ta_tie());
    using Member = std::remove_reference_t<decltype(member)>;
    static_assert(checkFieldType<Member>());
    if constexpr (!isOptional<Member>) {
      if (self.takeNull()) return;  // null leaves the default, as if the field were missing
    }
    self.value(member);
  }

  static constexpr std::uint64_t bit(std::size_t index) { return std::uint64_t{1} << index; }

  // ---- MessagePack
  // --------------------------------------------------------------------------------------------------------

  std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }

  unsigned next() {
    if (at_ == end_) refuse("the message ends early");
    return static_cast<unsigned char>(*at_++);
  }

  bool takeNull() {
    if (at_ == end_ || static_cast<unsigned char>(*at_) != 0xC0) return false;
    ++at_;
    return true;
  }

  template <class Unsigned>
  Unsigned load() {
    if (remaining() < sizeof(Unsigned)) refuse("the message ends early");
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(Unsigned); ++i) value = value << 8 | static_cast<unsigned char>(at_[i]);
    at_ += sizeof(Unsigned);
    return static_cast<Unsigned>(value);
  }

  /// The value of the length or number that follows `code`, whose two lowest bits name its width: 1, 2, 4 or 8 octets.
  std::uint64_t loadWidth(unsigned widthCode) {
    switch (widthCode) {
      case 0:
        return load<std::uint8_t>();
      case 1:
        return load<std::uint16_t>();
      case 2:
        return load<std::uint32_t>();
      default:
        return load<std::uint64_t>();
    }
  }

  std::int64_t integer() {
    const unsigned code = next();
    if (code <= 0x7F) return static_cast<std::int64_t>(code);
    if (code >= 0xE0) return static_cast<std::int64_t>(code) - 0x100;
    if (code >= 0xCC && code <= 0xCF) {
      const std::uint64_t value = loadWidth(code - 0xCC);
      if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        refuse("the number is too large");
      return static_cast<std::int64_t>(value);
    }
    switch (code) {
      case 0xD0:
        return static_cast<std::int8_t>(load<std::uint8_t>());
      case 0xD1:
        return static_cast<std::int16_t>(load<std::uint16_t>());
      case 0xD2:
        return static_cast<std::int32_t>(load<std::uint32_t>());
      case 0xD3:
        return static_cast<std::int64_t>(load<std::uint64_t>());
      default:
        refuseCode("an integer", code);
    }
  }

  double number() {
    if (at_ != end_ && static_cast<unsigned char>(*at_) == 0xCB) {
      ++at_;
      const auto bits = load<std::uint64_t>();
      double value;
      std::memcpy(&value, &bits, sizeof value);
      return value;
    }
    if (at_ != end_ && static_cast<unsigned char>(*at_) == 0xCA) {
      ++at_;
      const auto bits = load<std::uint32_t>();
      float value;
      std::memcpy(&value, &bits, sizeof value);
      return static_cast<double>(value);
    }
    return static_cast<double>(integer());  // other writers send 1 for 1.0
  }

  /// Text must be UTF-8 from here on: everything behind (SQL, JSON, the page) relies on it.
  std::string_view text() {
    const unsigned code = next();
    std::uint64_t size = 0;
    if (code >= 0xA0 && code <= 0xBF) {
      size = code & 0x1F;
    } else if (code >= 0xD9 && code <= 0xDB) {
      size = loadWidth(code - 0xD9);
    } else {
      refuseCode("text", code);
    }
    if (size > remaining()) refuse("the message ends early");
    const std::string_view text(at_, static_cast<std::size_t>(size));
    at_ += size;
    if (!isUtf8(text)) refuse("the text is not UTF-8");
    return text;
  }

  std::string_view blob() {
    const unsigned code = next();
    if (code < 0xC4 || code > 0xC6) refuseCode("octets", code);
    return octets(loadWidth(code - 0xC4));
  }

  /// The content of a blob: here, or, if it is the very last of the message, in the tail.
  std::string_view octets(std::uint64_t size) {
    if (size <= remaining()) {
      const std::string_view octets(at_, static_cast<std::size_t>(size));
      at_ += size;
      return octets;
    }
    if (at_ != end_ || size != tail_.size()) refuse("the message ends early");
    const std::string_view octets = tail_;
    tail_ = {};
    return octets;
  }

  /// The count of a list or map; each element takes `octetsEach` at least.
  std::size_t container(unsigned fixed, unsigned code16, std::size_t octetsEach, const char* expected) {
    const unsigned code = next();
    std::uint64_t count = 0;
    if ((code & 0xF0) == fixed) {
      count = code & 0x0F;
    } else if (code == code16) {
      count = load<std::uint16_t>();
    } else if (code == code16 + 1) {
      count = load<std::uint32_t>();
    } else {
      refuseCode(expected, code);
    }
    if (count > remaining() / octetsEach) refuse("the message ends early");
    return static_cast<std::size_t>(count);
  }

  /// Passes over one value of any kind.
  void skip() {
    for (std::uint64_t values = 1; values > 0; --values) {
      if (values > remaining()) refuse("the message ends early");
      const unsigned code = next();
      if (code <= 0x7F || code >= 0xE0) continue;  // integer
      if (code <= 0x8F) {
        values += 2 * (code & 0x0FU);
        continue;
      }  // map
      if (code <= 0x9F) {
        values += code & 0x0FU;
        continue;
      }  // list
      if (code <= 0xBF) {
        pass(code & 0x1FU);
        continue;
      }  // text
      switch (code) {
        case 0xC0:
        case 0xC2:
        case 0xC3:
          break;  // null, false, true
        case 0xC4:
        case 0xC5:
        case 0xC6:
          octets(loadWidth(code - 0xC4));
          break;
        case 0xC7:
        case 0xC8:
        case 0xC9:
          pass(loadWidth(code - 0xC7) + 1);
          break;  // extension: type and data
        case 0xCA:
          pass(4);
          break;
        case 0xCB:
          pass(8);
          break;
        case 0xCC:
        case 0xCD:
        case 0xCE:
        case 0xCF:
          pass(std::uint64_t{1} << (code - 0xCC));
          break;
        case 0xD0:
        case 0xD1:
        case 0xD2:
        case 0xD3:
          pass(std::uint64_t{1} << (code - 0xD0));
          break;
        case 0xD4:
        case 0xD5:
        case 0xD6:
        case 0xD7:
        case 0xD8:
          pass((std::uint64_t{1} << (code - 0xD4)) + 1);
          break;
        case 0xD9:
        case 0xDA:
        case 0xDB:
          pass(loadWidth(code - 0xD9));
          break;
        case 0xDC:
        case 0xDD:
          values += loadWidth(code - 0xDC + 1);
          break;
        case 0xDE:
        case 0xDF:
          values += 2 * loadWidth(code - 0xDE + 1);
          break;
        default:
          refuse("octet 0xC1, which MessagePack does not use");
      }
    }
  }

  void pass(std::uint64_t size) {
    if (size > remaining()) refuse("the message ends early");
    at_ += size;
  }

  // ---- bounds and errors
  // ----------------------------------------------------------------------------------------------------

  class Depth {
   public:
    explicit Depth(Unpacker& reader) : reader_(reader) {
      if (++reader_.depth_ > kMaxDepth) reader_.refuse("nested more than 32 deep");
    }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;
    ~Depth() { --reader_.depth_; }

   private:
    Unpacker& reader_;
  };

  void charge(std::size_t count, std::size_t bytesEach) {
    if (count > budget_ / bytesEach) refuse("more than 64 MiB in memory");
    budget_ -= count * bytesEach;
  }

  [[noreturn]] void refuseCode(const char* expected, unsigned code) {
    refuse(std::string("expected ") + expected + ", found " + kind(code));
  }

  [[noreturn]] void refuse(const std::string& what) {
    const std::string place = path(step_);
    throw Invalid(place.empty() ? what : place + ": " + what, pointer(step_));
  }

  static const char* kind(unsigned code) {
    if (code <= 0x7F || code >= 0xE0 || (code >= 0xCC && code <= 0xD3)) return "an integer";
    if (code <= 0x8F || code == 0xDE || code == 0xDF) return "a map";
    if (code <= 0x9F || code == 0xDC || code == 0xDD) return "a list";
    if (code <= 0xBF || (code >= 0xD9 && code <= 0xDB)) return "text";
    if (code == 0xC0) return "null";
    if (code == 0xC2 || code == 0xC3) return "true or false";
    if (code >= 0xC4 && code <= 0xC6) return "octets";
    if (code == 0xCA || code == 0xCB) return "a number with fraction";
    return "a value of no known kind";
  }

  /// Keys of maps and unknown fields come from the peer: cut, and made printable where they are shown.
  static std::string path(const Step* step) {
    if (!step) return {};
    std::string text = path(step->outer);
    if (step->index != Step::kNoIndex) return text + "[" + std::to_string(step->index) + "]";
    if (step->name.empty()) return text;
    if (!text.empty()) text += '.';
    return text + cleanUtf8(step->name.substr(0, 64));
  }

  static std::string pointer(const Step* step) {
    if (!step) return {};
    std::string text = pointer(step->outer);
    if (step->index != Step::kNoIndex) return text + "/" + std::to_string(step->index);
    if (step->name.empty()) return text;
    text += '/';
    for (char c : cleanUtf8(step->name.substr(0, 64))) {
      if (c == '~')
        text += "~0";
      else if (c == '/')
        text += "~1";
      else
        text += c;
    }
    return text;
  }

  const char* at_;
  const char* end_;
  std::string_view tail_;  // not read yet
  Blobs blobs_;
  const Step* step_ = nullptr;
  std::size_t budget_ = kMaxMessageBytes;
  int depth_ = 0;
};

}  // namespace detail
}  // namespace v1
}  // namespace testarena
