// SPDX-License-Identifier: Apache-2.0
// Octets in records, and the ABI's view of octets.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <testarena/abi.h>

namespace testarena {
inline namespace v1 {

/// The ABI's form of a text or message; borrows it.
constexpr ta_bytes toBytes(std::string_view text) {
  return ta_bytes{text.data(), text.size()};
}

inline std::string_view toView(ta_bytes bytes) {
  return bytes.size == 0 ? std::string_view()
                         : std::string_view(static_cast<const char*>(bytes.data), static_cast<std::size_t>(bytes.size));
}

/// A blob as a field of a record. It owns its octets, or borrows them to save a copy of something large.
///
/// A *copy always owns*, so a blob taken out of a request can be kept; a move keeps what it was. Declare it as the last
/// field of the record that ends the message: only there does a large blob cross the boundary without being copied into
/// it.
class Bytes {
 public:
  Bytes() = default;
  Bytes(std::string owned)
      : owned_(std::move(owned)) {}  // NOLINT(google-explicit-constructor): {offset, data} reads well

  /// Refers to `octets`, which must stay as they are until the call is answered: memory of the instance or a mapped
  /// file, never a local variable of the operation.
  static Bytes borrow(std::string_view octets) {
    Bytes bytes;
    bytes.borrowed_ = octets.data();
    bytes.size_ = octets.size();
    return bytes;
  }

  Bytes(const Bytes& other) : owned_(other.view()) {}
  Bytes& operator=(const Bytes& other) {
    if (this != &other) *this = Bytes(other);
    return *this;
  }
  Bytes(Bytes&&) = default;
  Bytes& operator=(Bytes&&) = default;
  ~Bytes() = default;

  std::string_view view() const { return borrowed_ ? std::string_view(borrowed_, size_) : std::string_view(owned_); }
  const char* data() const { return view().data(); }
  std::size_t size() const { return view().size(); }
  bool empty() const { return size() == 0; }

  /// The octets as a string of one's own; does not copy what is owned: `std::move(part.data).take()`.
  std::string take() && { return borrowed_ ? std::string(view()) : std::move(owned_); }

  friend bool operator==(const Bytes& a, const Bytes& b) { return a.view() == b.view(); }
  friend bool operator!=(const Bytes& a, const Bytes& b) { return !(a == b); }

 private:
  std::string owned_;
  const char* borrowed_ = nullptr;  // not null: [borrowed_, borrowed_ + size_) is meant, not owned_
  std::size_t size_ = 0;
};

}  // namespace v1
}  // namespace testarena
