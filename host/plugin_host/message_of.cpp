// SPDX-License-Identifier: Apache-2.0
#include "message_of.h"

#include <bit>
#include <cstdint>
#include <string_view>

namespace testarena::plugin_host {
namespace {

// The shortest form of each kind does not matter here, a configuration crosses once: only the wide forms are written.
class Writer {
 public:
  void value(const Value& value) {
    if (value.isNull()) {
      octet(0xC0);
    } else if (value.isBoolean()) {
      octet(value.boolean() ? 0xC3 : 0xC2);
    } else if (value.isInteger()) {
      octet(0xD3);
      number(static_cast<std::uint64_t>(value.integer()), 8);
    } else if (value.isReal()) {
      octet(0xCB);
      number(std::bit_cast<std::uint64_t>(value.real()), 8);
    } else if (value.isText()) {
      text(value.text());
    } else if (value.isList()) {
      octet(0xDD);
      number(value.list().size(), 4);
      for (const Value& element : value.list()) this->value(element);
    } else {
      octet(0xDF);
      number(value.table().size(), 4);
      for (const Value::Member& member : value.table()) {
        text(member.key);
        this->value(member.value);
      }
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void octet(unsigned code) { out_ += static_cast<char>(static_cast<unsigned char>(code)); }

  void number(std::uint64_t value, int octets) {
    for (int shift = (octets - 1) * 8; shift >= 0; shift -= 8) octet(static_cast<unsigned>(value >> shift) & 0xFFU);
  }

  void text(std::string_view text) {
    octet(0xDB);
    number(text.size(), 4);
    out_ += text;
  }

  std::string out_;
};

}  // namespace

std::string messageOf(const Value& value) {
  Writer writer;
  writer.value(value);
  return writer.take();
}

}  // namespace testarena::plugin_host
