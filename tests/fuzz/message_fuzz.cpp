// SPDX-License-Identifier: Apache-2.0
// libFuzzer: messages from a peer that means ill. Every input is refused with Invalid or Exhausted, or it becomes a
// record that is the same after it was encoded and decoded again. The input's first octet says where it is cut into
// head and tail.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <testarena/message.h>

#include "../unit/sdk/sample_records.h"

namespace {

using namespace testarena;

template <class T>
void check(std::string_view head, std::string_view tail) {
  T record;
  try {
    record = decode<T>(toBytes(head), toBytes(tail));
  } catch (const Invalid&) {
    return;
  } catch (const Exhausted&) {
    return;
  }
  const std::string once = encode(record);
  if (encode(decode<T>(toBytes(once))) != once) std::abort();
  std::string split;
  const ta_bytes rest = encodeSplit(record, split);
  if (split + std::string(toView(rest)) != once) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view message(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t cut = message.size() - std::size_t{data[0]} * message.size() / 255;
  check<samples::Sample>(message.substr(0, cut), message.substr(cut));
  check<samples::Tree>(message.substr(0, cut), message.substr(cut));
  check<samples::Blobs>(message.substr(0, cut), message.substr(cut));
  return 0;
}
