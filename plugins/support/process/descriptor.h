// SPDX-License-Identifier: Apache-2.0
// File descriptors that close themselves, and are never inherited.
#pragma once

#include <utility>

namespace testarena::process {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    Descriptor old(std::move(other));
    return *this;
  }
  ~Descriptor();

  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

  /// The same file under a number above 2. In a host that was started with its standard streams closed, a new
  /// descriptor may be one of 0, 1, 2; handed to a child under another of these numbers it would overwrite its
  /// neighbour.
  Descriptor aboveStandard() &&;

 private:
  int number_ = -1;
};

/// Reading does not block, writing does.
struct Pipe {
  Descriptor reading;
  Descriptor writing;

  /// Both ends unset if there are no descriptors left; errno says so.
  static Pipe make();
};

}  // namespace testarena::process
