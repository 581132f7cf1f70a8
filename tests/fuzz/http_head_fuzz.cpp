// SPDX-License-Identifier: Apache-2.0
// What a connection can send, in any pieces. The first byte says how long the pieces are. Checked: no crash; the same
// requests however the bytes are cut; and of each accepted head that Poco reads it the same way.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "poco_reader.h"
#include "request_reader.h"

namespace {

using namespace testarena::http;

/// Everything that was read, as text.
std::string read(std::string_view bytes, std::size_t piece) {
  static const HeadLimits limits;
  std::string seen;
  RequestReader reader;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    RequestReader::Step step = reader.feed(bytes.substr(at, piece), limits);
    for (;;) {
      if (step.refusal) return seen + "refused " + std::to_string(step.refusal.status);
      if (!step.request) break;
      if (!test::pocoAgrees(step.request->head_bytes, step.request->head)) std::abort();
      seen += step.request->head_bytes + step.request->body + "\n";
      if (reader.empty()) break;
      step = reader.feed({}, limits);
    }
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (read(bytes, data[0] + 1U) != read(bytes, bytes.size())) std::abort();
  return 0;
}
