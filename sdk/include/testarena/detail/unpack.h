// SPDX-License-Identifier: Apache-2.0
// MessagePack to records. The public functions are in <testarena/message.h>.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <testarena/detail/pack.h>
#include <testarena/detail/reader.h>
#include <testarena/record.h>

namespace testarena {
inline namespace v1 {
namespace detail {

/// What becomes of a Bytes field: a string of its own, or a view of the message (for as long as that lives).
enum class Blobs { kOwn, kBorrow };

class Unpacker {
 public:
  Unpacker(ta_bytes head, ta_bytes tail, Blobs blobs) : reader_(head, tail), blobs_(blobs) {}

  template <class T>
  void message(T& record) {
    static_assert(isRecord<T>, "a message is a record: nothing could be added to a bare value later");
    fields(record);
    reader_.finish();
  }

 private:
  template <class T>
  void value(T& value) {
    if constexpr (isOptional<T>) {
      if (reader_.takeNull()) {
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
      value = reader_.boolean();
    } else if constexpr (std::is_same_v<T, std::int64_t>) {
      value = reader_.integer();
    } else if constexpr (std::is_same_v<T, double>) {
      value = reader_.number();
    } else if constexpr (std::is_same_v<T, std::string>) {
      value = reader_.text();
    } else if constexpr (std::is_same_v<T, Bytes>) {
      const std::string_view octets = reader_.octets();
      value = blobs_ == Blobs::kBorrow ? Bytes::borrow(octets) : Bytes(std::string(octets));
    } else if constexpr (std::is_same_v<T, Time>) {
      value = Time(Time::duration(reader_.integer()));
    } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
      value = std::chrono::milliseconds(reader_.integer());
    } else {
      value = enumValue<T>(reader_.text()).value_or(T{});  // a newer peer's name: `unknown`, which is 0
    }
  }

  template <class T>
  void elements(std::vector<T>& list) {
    Reader::Inside inside(reader_);
    const std::size_t count = reader_.list(sizeof(T));
    list.clear();
    list.reserve(count);
    for (std::size_t& i = inside.step.index = 0; i < count; ++i) value(list.emplace_back());
  }

  template <class T>
  void entries(std::map<std::string, T>& map) {
    Reader::Inside inside(reader_);
    // A node of the usual implementations has three pointers and a colour beside the entry.
    const std::size_t count = reader_.map("a map", sizeof(std::pair<const std::string, T>) + 4 * sizeof(void*));
    map.clear();
    for (std::size_t i = 0; i < count; ++i) {
      inside.step.name = {};
      inside.step.name = reader_.text();
      const auto [entry, added] = map.try_emplace(std::string(inside.step.name));
      if (!added) reader_.refuse("stands there twice");
      value(entry->second);
    }
  }

  template <class T>
  void fields(T& record) {
    using Indices = std::make_index_sequence<kFieldCount<T>>;
    Reader::Inside inside(reader_);
    std::size_t left = reader_.map("a record", 0);
    std::uint64_t seen = 0;  // a bit for each field
    inOrder(record, inside.step, left, seen, Indices());
    for (; left > 0; --left) {
      inside.step.name = {};
      inside.step.name = reader_.text();
      const std::size_t index = indexOf(kFields<T>, inside.step.name);
      if (index == kFieldCount<T>) {
        reader_.skip();
        continue;
      }
      if (seen & bit(index)) reader_.refuse("stands there twice");
      seen |= bit(index);
      anyOrder(record, index, Indices());
    }
  }

  /// Peers of the same version send our fields in our order: each name then costs one comparison.
  template <class T, std::size_t... I>
  void inOrder([[maybe_unused]] T& record, [[maybe_unused]] Step& step, [[maybe_unused]] std::size_t& left,
               [[maybe_unused]] std::uint64_t& seen, std::index_sequence<I...>) {
    (void)((left > 0 && reader_.takeExactly(kPackedKey<T, I>) &&
            (step.name = kFields<T>[I], member(std::get<I>(record.ta_tie())), seen |= bit(I), --left, true)) &&
           ...);
  }

  template <class T, std::size_t... I>
  void anyOrder([[maybe_unused]] T& record, [[maybe_unused]] std::size_t index, std::index_sequence<I...>) {
    (void)((index == I && (member(std::get<I>(record.ta_tie())), true)) || ...);
  }

  template <class Member>
  void member(Member& member) {
    static_assert(checkFieldType<Member>());
    if constexpr (!isOptional<Member>) {
      if (reader_.takeNull()) return;  // null leaves the default, as if the field were missing
    }
    value(member);
  }

  static constexpr std::uint64_t bit(std::size_t index) { return std::uint64_t{1} << index; }

  Reader reader_;
  Blobs blobs_;
};

}  // namespace detail
}  // namespace v1
}  // namespace testarena
