// SPDX-License-Identifier: Apache-2.0
// Messages: records as octets (MessagePack maps keyed by field name) and back.
#pragma once

#include <string>

#include <testarena/detail/pack.h>
#include <testarena/detail/unpack.h>

namespace testarena {
inline namespace v1 {

/// The whole message in one piece. Exhausted: it has more than 64 MiB.
template <class T>
std::string encode(const T& record) {
  std::string message;
  detail::Packer(message, false).message(record);
  if (message.size() > detail::kMaxMessageBytes)
    throw Exhausted("a message has at most 64 MiB: send it in smaller parts");
  return message;
}

/// The message in two: appends to `head` and returns the tail, which is the octets of a large blob that ends `record`,
/// where they lie, or empty.
template <class T>
ta_bytes encodeSplit(const T& record, std::string& head) {
  detail::Packer packer(head, true);
  packer.message(record);
  if (head.size() > detail::kMaxMessageBytes || packer.tail().size() > detail::kMaxMessageBytes - head.size()) {
    throw Exhausted("a message has at most 64 MiB: answer in smaller parts");
  }
  return toBytes(packer.tail());
}

/// The record in a message from an untrusted peer. Unknown fields are ignored; missing ones and null leave the member's
/// default; an unknown enumerator becomes `unknown`. Invalid, with path and pointer: it is no such message.
template <class T>
T decode(ta_bytes head, ta_bytes tail = {}) {
  T record{};
  detail::Unpacker(head, tail, detail::Blobs::kOwn).message(record);
  return record;
}

/// The same, but Bytes in it refer to the message.
template <class T>
T decodeBorrowing(ta_bytes head, ta_bytes tail = {}) {
  T record{};
  detail::Unpacker(head, tail, detail::Blobs::kBorrow).message(record);
  return record;
}

}  // namespace v1
}  // namespace testarena
