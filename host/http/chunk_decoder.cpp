// SPDX-License-Identifier: Apache-2.0
#include "chunk_decoder.h"

#include <algorithm>

namespace testarena::http {
namespace {

constexpr std::uint8_t kMostDigits = 8;
constexpr HeadRefusal kBroken = {400, "the chunked body is broken"};
constexpr HeadRefusal kTooLarge = {413, "the body is larger than what is taken here"};

int hexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

HeadRefusal ChunkDecoder::sizeByte(char c, std::size_t room) {
  if (c == '\r' && digits_ > 0) {
    if (left_ > room) return kTooLarge;
    expects_ = Expects::size_end;
    return {};
  }
  int value = hexValue(c);
  if (value < 0 || digits_ == kMostDigits) return kBroken;
  left_ = left_ * 16 + static_cast<std::uint64_t>(value);
  ++digits_;
  return {};
}

HeadRefusal ChunkDecoder::decode(std::string_view& bytes, std::string& body, std::size_t max_body) {
  auto expect = [&](char wanted, Expects next) -> HeadRefusal {
    if (bytes.front() != wanted) return kBroken;
    bytes.remove_prefix(1);
    expects_ = next;
    return {};
  };
  while (!bytes.empty() && !complete()) {
    HeadRefusal wrong;
    switch (expects_) {
      case Expects::size:
        wrong = sizeByte(bytes.front(), max_body - std::min(max_body, body.size()));
        bytes.remove_prefix(1);
        break;
      case Expects::size_end:
        wrong = expect('\n', left_ == 0 ? Expects::last_return : Expects::data);
        digits_ = 0;
        break;
      case Expects::data: {
        auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
        body.append(bytes.substr(0, size));
        bytes.remove_prefix(size);
        left_ -= size;
        if (left_ == 0) expects_ = Expects::data_return;
        break;
      }
      case Expects::data_return:
        wrong = expect('\r', Expects::data_end);
        break;
      case Expects::data_end:
        wrong = expect('\n', Expects::size);
        break;
      case Expects::last_return:
        wrong = expect('\r', Expects::last_end);
        break;
      case Expects::last_end:
        wrong = expect('\n', Expects::nothing);
        break;
      case Expects::nothing:
        break;
    }
    if (wrong) return wrong;
  }
  return {};
}

}  // namespace testarena::http
