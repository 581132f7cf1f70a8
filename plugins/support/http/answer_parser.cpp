// SPDX-License-Identifier: Apache-2.0
#include "answer_parser.h"

#include <algorithm>

#include <testarena/error.h>
#include <testarena/utf8.h>

namespace testarena::http {
namespace {

constexpr std::size_t kMostFields = 100;
constexpr int kMostInterim = 8;

/// A piece of what came, fit for a message.
std::string shown(std::string_view text) {
  std::string clean = cleanUtf8(text.substr(0, 60));
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = '?';
  }
  return "'" + clean + (text.size() > 60 ? "...'" : "'");
}

[[noreturn]] void refuse(const std::string& what) {
  throw Unavailable("the answer is no HTTP: " + what);
}

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

bool isTokenOctet(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kMarks.find(c) != std::string_view::npos;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Whether `word`, in lower case, is one of a list like "keep-alive, Upgrade".
bool hasWord(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (lower(trimmed(list.substr(0, comma))) == word) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

std::uint64_t decimal(std::string_view text) {
  if (text.empty() || text.size() > 18 || !std::all_of(text.begin(), text.end(), isDigit)) {
    refuse("Content-Length: " + shown(text));
  }
  std::uint64_t number = 0;
  for (const char c : text) number = number * 10 + static_cast<std::uint64_t>(c - '0');
  return number;
}

}  // namespace

std::size_t AnswerParser::take(std::string_view octets) {
  const std::size_t size = octets.size();
  if (size > 0) begun_ = true;
  while (!octets.empty() && place_ != Place::done) {
    if (place_ == Place::body || place_ == Place::chunk || place_ == Place::until_close) {
      takeBody(octets);
      continue;
    }
    if (!takeLine(octets, limits_.head)) break;
    const std::string line = std::move(line_);
    line_.clear();
    switch (place_) {
      case Place::head:
        if (answer_.status == 0) {
          readStatusLine(line);
        } else if (line.empty()) {
          endOfHead();
        } else {
          readField(line);
        }
        break;
      case Place::chunk_size:
        readChunkSize(line);
        break;
      case Place::chunk_end:
        if (!line.empty()) refuse("a chunk does not end where it should");
        place_ = Place::chunk_size;
        break;
      case Place::trailers:
        if (line.empty()) place_ = Place::done;  // what stands in them is of no use
        break;
      default:
        break;
    }
  }
  return size - octets.size();
}

void AnswerParser::close() {
  if (isWhole()) return;
  if (endsByClosing()) {
    throw Unavailable("the server told no length and ended its answer by closing: whether it is whole cannot be known");
  }
  throw Unavailable(begun_ ? "the connection was closed in the middle of the answer"
                           : "the connection was closed without an answer");
}

bool AnswerParser::takeLine(std::string_view& octets, std::size_t limit) {
  const std::size_t end = octets.find('\n');
  const std::string_view part = octets.substr(0, end);
  headSize_ += part.size() + (end == std::string_view::npos ? 0 : 1);
  if (headSize_ > limit) throw Exhausted("the head of the answer is longer than " + std::to_string(limit) + " bytes");
  line_ += part;
  octets.remove_prefix(end == std::string_view::npos ? octets.size() : end + 1);
  if (end == std::string_view::npos) return false;
  if (line_.empty() || line_.back() != '\r') refuse("a line ends without CR: " + shown(line_));
  line_.pop_back();
  const auto isControl = [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f; };
  if (std::any_of(line_.begin(), line_.end(), isControl)) refuse("control characters in " + shown(line_));
  return true;
}

void AnswerParser::readStatusLine(std::string_view line) {
  // "HTTP/1.1 200 OK"; the reason may be missing, with the space before it.
  const bool right = line.size() >= 12 && line.substr(0, 7) == "HTTP/1." && isDigit(line[7]) && line[8] == ' ' &&
                     line[9] >= '1' && line[9] <= '5' && isDigit(line[10]) && isDigit(line[11]) &&
                     (line.size() == 12 || line[12] == ' ');
  if (!right) refuse("it begins with " + shown(line));
  minor_ = line[7] - '0';
  answer_.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
}

void AnswerParser::readField(std::string_view line) {
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  if (colon == std::string_view::npos || name.empty() || !std::all_of(name.begin(), name.end(), isTokenOctet)) {
    refuse("the field " + shown(line));
  }
  if (answer_.fields.size() == kMostFields) throw Exhausted("the answer has more than 100 fields");
  answer_.fields.emplace_back(lower(name), trimmed(line.substr(colon + 1)));
}

void AnswerParser::endOfHead() {
  headSize_ = 0;
  if (answer_.status < 200) {
    if (answer_.status == 101) refuse("it wants to speak another protocol");
    if (++interim_ > kMostInterim) refuse("one interim answer after the other");
    answer_ = {};
    return;
  }
  bool hasLength = false;
  bool isChunked = false;
  for (const auto& [name, value] : answer_.fields) {
    if (name == "content-length") {
      const std::uint64_t length = decimal(value);
      if (hasLength && length != left_) refuse("two lengths");
      hasLength = true;
      left_ = length;
    } else if (name == "transfer-encoding") {
      if (isChunked || lower(value) != "chunked" || minor_ == 0) refuse("Transfer-Encoding: " + shown(value));
      isChunked = true;
    }
  }
  if (hasLength && isChunked) refuse("it has a length and chunks");
  const std::string_view connection = answer_.field("connection").value_or("");
  keepsAlive_ = minor_ == 0 ? hasWord(connection, "keep-alive") : !hasWord(connection, "close");
  if (answer_.status == 204 || answer_.status == 304) {
    place_ = Place::done;
  } else if (isChunked) {
    place_ = Place::chunk_size;
  } else if (!hasLength) {
    place_ = Place::until_close;
  } else {
    place_ = left_ == 0 ? Place::done : Place::body;
    if (left_ > limits_.body) {
      isTooLong_ = true;
      throw Exhausted("the answer has " + std::to_string(left_) + " bytes, the limit is " +
                      std::to_string(limits_.body));
    }
  }
}

void AnswerParser::readChunkSize(std::string_view line) {
  const std::string_view digits = trimmed(line.substr(0, line.find(';')));
  if (digits.empty() || digits.size() > 15) refuse("the chunk " + shown(line));
  left_ = 0;
  for (const char c : digits) {
    const int digit = isDigit(c)             ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) refuse("the chunk " + shown(line));
    left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
  }
  headSize_ = 0;
  place_ = left_ == 0 ? Place::trailers : Place::chunk;
}

void AnswerParser::takeBody(std::string_view& octets) {
  std::size_t size = octets.size();
  if (place_ != Place::until_close) size = static_cast<std::size_t>(std::min<std::uint64_t>(size, left_));
  const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(size, limits_.body - bodySize_));
  keep(octets.substr(0, room));
  isTooLong_ = room < size;
  if (isTooLong_) throw Exhausted("the answer is longer than " + std::to_string(limits_.body) + " bytes");
  octets.remove_prefix(size);
  if (place_ == Place::until_close) return;
  left_ -= size;
  if (left_ == 0) place_ = place_ == Place::body ? Place::done : Place::chunk_end;
}

void AnswerParser::keep(std::string_view octets) {
  bodySize_ += octets.size();
  if (sink_ && answer_.status == 200) {
    sink_(octets);
  } else {
    answer_.body += octets;
  }
}

}  // namespace testarena::http
