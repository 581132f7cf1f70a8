// SPDX-License-Identifier: Apache-2.0
// Records to MessagePack. The public functions are in <testarena/message.h>.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include <testarena/detail/reader.h>
#include <testarena/error.h>
#include <testarena/record.h>

namespace testarena {
inline namespace v1 {
namespace detail {

/// From this size on, a blob that ends the message is not copied into it.
inline constexpr std::size_t kMinTailBytes = 4096;

template <class Unsigned>
char* storeBigEndian(char* out, Unsigned value) {
  for (std::size_t i = 0; i < sizeof value; ++i) {
    out[i] = static_cast<char>(static_cast<unsigned char>(value >> (8 * (sizeof value - 1 - i))));
  }
  return out + sizeof value;
}

/// The octets of field `kIndex`'s name as a map key. Readers compare them in one piece.
template <class T, std::size_t kIndex>
inline constexpr auto kPackedKey = [] {
  constexpr std::string_view name = kFields<T>[kIndex];
  static_assert(name.size() <= 31, "names of fields have at most 31 characters");
  std::array<char, name.size() + 1> key{};
  key[0] = static_cast<char>(0xA0 | name.size());
  for (std::size_t i = 0; i < name.size(); ++i) key[i + 1] = name[i];
  return key;
}();

class Packer {
 public:
  /// Appends to `out`. With `allowTail`, a large blob that ends the message stays where it lies and becomes `tail()`.
  Packer(std::string& out, bool allowTail) : out_(out), allowTail_(allowTail) {}

  template <class T>
  void message(const T& record) {
    static_assert(isRecord<T>, "a message is a record: nothing could be added to a bare value later");
    fields(record, allowTail_);
  }

  std::string_view tail() const { return tail_; }

 private:
  // `last`: nothing follows this value in the whole message. It must be handed down and narrowed at every step: a blob
  // that is only the last of its own record, inside a list, would otherwise leave the message in the wrong order.
  template <class T>
  void value(const T& value, [[maybe_unused]] bool last) {
    if constexpr (isOptional<T>) {
      if (value) {
        this->value(*value, last);
      } else {
        octet(0xC0);
      }
    } else if constexpr (isVector<T>) {
      header(value.size(), 0x90, 15, 0xDC);
      for (const auto& element : value) this->value(element, last && &element == &value.back());
    } else if constexpr (isMap<T>) {
      header(value.size(), 0x80, 15, 0xDE);
      std::size_t left = value.size();
      for (const auto& [key, mapped] : value) {
        text(key);
        this->value(mapped, last && --left == 0);
      }
    } else if constexpr (isRecord<T>) {
      fields(value, last);
    } else if constexpr (std::is_same_v<T, bool>) {
      octet(value ? 0xC3 : 0xC2);
    } else if constexpr (std::is_same_v<T, std::int64_t>) {
      integer(value);
    } else if constexpr (std::is_same_v<T, double>) {
      number(value);
    } else if constexpr (std::is_same_v<T, std::string>) {
      text(value);
    } else if constexpr (std::is_same_v<T, Bytes>) {
      blob(value.view(), last);
    } else if constexpr (std::is_same_v<T, Time>) {
      integer(value.time_since_epoch().count());
    } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
      integer(value.count());
    } else {
      text(enumName(value));
    }
  }

  template <class T>
  void fields(const T& record, bool last) {
    header(kFieldCount<T>, 0x80, 15, 0xDE);
    fieldsAt(record, last, std::make_index_sequence<kFieldCount<T>>());
  }

  template <class T, std::size_t... I>
  void fieldsAt([[maybe_unused]] const T& record, [[maybe_unused]] bool last, std::index_sequence<I...>) {
    (field<T, I>(std::get<I>(record.ta_tie()), last && I + 1 == sizeof...(I)), ...);
  }

  template <class T, std::size_t I, class Member>
  void field(const Member& member, bool last) {
    static_assert(checkFieldType<Member>());
    out_.append(kPackedKey<T, I>.data(), kPackedKey<T, I>.size());
    value(member, last);
  }

  void octet(unsigned code) { out_.push_back(static_cast<char>(code)); }

  template <class Unsigned>
  void coded(unsigned code, Unsigned value) {
    char bytes[1 + sizeof value];
    bytes[0] = static_cast<char>(code);
    storeBigEndian(bytes + 1, value);
    out_.append(bytes, sizeof bytes);
  }

  void integer(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    if (value >= -32 && value <= 127) {
      octet(static_cast<unsigned char>(value));
    } else if (value >= 0) {
      if (value <= 0xFF) return coded(0xCC, static_cast<std::uint8_t>(bits));
      if (value <= 0xFFFF) return coded(0xCD, static_cast<std::uint16_t>(bits));
      if (value <= 0xFFFF'FFFF) return coded(0xCE, static_cast<std::uint32_t>(bits));
      coded(0xCF, bits);
    } else {
      if (value >= std::numeric_limits<std::int8_t>::min()) return coded(0xD0, static_cast<std::uint8_t>(bits));
      if (value >= std::numeric_limits<std::int16_t>::min()) return coded(0xD1, static_cast<std::uint16_t>(bits));
      if (value >= std::numeric_limits<std::int32_t>::min()) return coded(0xD2, static_cast<std::uint32_t>(bits));
      coded(0xD3, bits);
    }
  }

  void number(double value) {
    std::uint64_t bits;
    static_assert(sizeof bits == sizeof value);
    std::memcpy(&bits, &value, sizeof bits);
    coded(0xCB, bits);
  }

  /// `code` is that of the 16-bit form, `code + 1` that of the 32-bit one.
  void header(std::size_t count, unsigned fixed, std::size_t mostFixed, unsigned code) {
    if (count <= mostFixed) {
      octet(fixed | static_cast<unsigned>(count));
    } else if (count <= 0xFFFF) {
      coded(code, static_cast<std::uint16_t>(count));
    } else {
      refuseAbove(count);
      coded(code + 1, static_cast<std::uint32_t>(count));
    }
  }

  void text(std::string_view text) {
    if (text.size() > 31 && text.size() <= 0xFF) {
      coded(0xD9, static_cast<std::uint8_t>(text.size()));
    } else {
      header(text.size(), 0xA0, 31, 0xDA);
    }
    out_.append(text);
  }

  void blob(std::string_view octets, bool last) {
    if (octets.size() <= 0xFF) {
      coded(0xC4, static_cast<std::uint8_t>(octets.size()));
    } else if (octets.size() <= 0xFFFF) {
      coded(0xC5, static_cast<std::uint16_t>(octets.size()));
    } else {
      refuseAbove(octets.size());
      coded(0xC6, static_cast<std::uint32_t>(octets.size()));
    }
    if (last && octets.size() >= kMinTailBytes) {
      tail_ = octets;
    } else {
      out_.append(octets);
    }
  }

  static void refuseAbove(std::size_t size) {
    if (size > kMaxMessageBytes) throw Exhausted("a message has at most 64 MiB: answer in smaller parts");
  }

  std::string& out_;
  bool allowTail_;
  std::string_view tail_;
};

}  // namespace detail
}  // namespace v1
}  // namespace testarena
