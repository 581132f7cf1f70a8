// SPDX-License-Identifier: Apache-2.0
// What a server can answer, in any pieces. The first byte says how long the pieces are. Checked: no crash, the same
// answer however the bytes are cut, no body beyond its limit, and nothing is whole of which a part is missing.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <testarena/error.h>

#include "answer_parser.h"

namespace {

using namespace testarena;

/// Everything that was read, as text; `used` is how many bytes it took to be whole, 0 if it is not.
std::string read(std::string_view bytes, std::size_t piece, std::size_t& used) {
  http::AnswerParser parser({300, 100}, nullptr);
  std::size_t taken = 0;
  std::string ending;
  try {
    for (std::size_t at = 0; at < bytes.size() && !parser.isWhole(); at += piece) {
      taken += parser.take(bytes.substr(at, piece));
    }
    parser.close();
    used = taken;
  } catch (const Error& error) {
    if (error.code() != Code::unavailable && error.code() != Code::exhausted) std::abort();
    if (parser.isWhole()) std::abort();
    // How much was kept before it was refused depends on the pieces.
    return "refused " + std::to_string(static_cast<int>(error.code()));
  }
  if (parser.answer().body.size() > 100) std::abort();
  std::string seen = std::to_string(parser.answer().status) + "\n";
  for (const auto& [name, value] : parser.answer().fields) seen += name + ":" + value + "\n";
  return seen + parser.answer().body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::size_t used = 0, ignored = 0;
  if (read(bytes, data[0] + 1U, used) != read(bytes, bytes.size(), used)) std::abort();
  if (used > 0 && read(bytes.substr(0, used - 1), used, ignored).compare(0, 7, "refused") != 0) std::abort();
  return 0;
}
