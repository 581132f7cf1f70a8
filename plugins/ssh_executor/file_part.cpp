// SPDX-License-Identifier: Apache-2.0
#include "file_part.h"

#include <algorithm>
#include <string_view>

#include <testarena/error.h>
#include <testarena/utf8.h>

#include "answers.h"

namespace testarena::ssh_executor {
namespace {

constexpr int64_t kBlock = 4096;                    // of remote/answers.sh
constexpr int64_t kLongestPart = int64_t{4} << 20;  // of one answer

}  // namespace

FilePart::FilePart(int64_t offset, int64_t limit) : offset_(offset), limit_(std::min(limit, kLongestPart)) {
  if (offset < 0) throw Invalid("an offset is not negative", "/offset");
  if (limit < 1) throw Invalid("a limit is at least 1", "/limit");
}

int64_t FilePart::count() const {
  return (offset_ % kBlock + limit_ + kBlock - 1) / kBlock;
}

std::string FilePart::firstBlock() const {
  return std::to_string(offset_ / kBlock);
}

std::string FilePart::blocks() const {
  return std::to_string(count());
}

std::size_t FilePart::longestAnswer() const {
  return static_cast<std::size_t>((count() + 1) * kBlock);
}

LogPart FilePart::outOf(const std::string& answer, int64_t most, const std::string& machine) const {
  constexpr std::string_view kFinal = "=final ";
  const std::string_view head = firstLine(answer);
  const bool isFinal = head.substr(0, kFinal.size()) == kFinal;
  if (!isFinal && head != "=growing") throw Unavailable("the answer of " + machine + " was cut off");
  std::string_view bytes = behindFirstLine(answer);
  bytes.remove_prefix(std::min(static_cast<std::size_t>(offset_ % kBlock), bytes.size()));
  int64_t size = isFinal ? numberAfter(head, kFinal) : INT64_MAX;
  if (most > 0) size = std::min(size, most);
  bytes = bytes.substr(0, static_cast<std::size_t>(std::min(limit_, std::max<int64_t>(0, size - offset_))));
  LogPart part;
  part.complete = isFinal && static_cast<int64_t>(bytes.size()) >= size - offset_;
  part.data = Bytes(std::string(bytes));
  return part;
}

bool isArtifactName(const std::string& name) {
  if (name.empty() || name.size() > 4096 || cleanUtf8(name) != name) return false;
  if (std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; })) return false;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string part = name.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") return false;
    begin = end + 1;
  }
  return true;
}

}  // namespace testarena::ssh_executor
