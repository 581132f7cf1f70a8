// SPDX-License-Identifier: Apache-2.0
#include "head_check.h"

#include <algorithm>
#include <array>
#include <utility>

#include "host_name.h"

namespace testarena::http {
namespace {

constexpr std::size_t kLongestMethod = 32;
constexpr std::size_t kLongestName = 128;
constexpr std::size_t kUsualFields = 16;
constexpr std::size_t kLongestLength = 15;  // digits; far below 2^63
constexpr std::size_t kAroundTarget = kLongestMethod + sizeof("  HTTP/1.1\r\n");

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool isControl(char c) {
  auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

constexpr std::array<bool, 256> makeTokenTable() {
  std::array<bool, 256> table{};
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = true;
  for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = true;
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
  for (char c : {'!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~'})
    table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> kTokenTable = makeTokenTable();

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// The fields that decide how a request is framed and whom it claims to be: at most one of each, no encoded words.
struct Framing {
  std::string_view host, content_length, transfer_encoding, expect;
  bool has_host = false, has_content_length = false, has_transfer_encoding = false, has_expect = false;
  bool has_authorization = false, has_origin = false, has_content_type = false, has_cookie = false;
  bool says_close = false, says_keep_alive = false;
};

class Check {
 public:
  Check(std::string_view bytes, const HeadLimits& limits, Head& head) : bytes_(bytes), limits_(limits), head_(head) {}

  HeadRefusal run() {
    if (bytes_.size() > limits_.max_head) return {431, "the head is too long"};
    if (bytes_.size() < 4 || bytes_.substr(bytes_.size() - 4) != "\r\n\r\n") return {400, "the head has no end"};
    std::string_view rest = bytes_.substr(0, bytes_.size() - 2);
    std::string_view line;
    if (HeadRefusal wrong = nextLine(rest, line)) return wrong;
    if (HeadRefusal wrong = requestLine(line)) return wrong;
    while (!rest.empty()) {
      if (HeadRefusal wrong = nextLine(rest, line)) return wrong;
      if (HeadRefusal wrong = field(line)) return wrong;
    }
    if (HeadRefusal wrong = host()) return wrong;
    return body();
  }

 private:
  /// Takes a line off `rest`, without its CR LF. No other CR, LF or control byte but TAB may stand in it.
  static HeadRefusal nextLine(std::string_view& rest, std::string_view& line) {
    std::size_t end = 0;
    while (end < rest.size() && (!isControl(rest[end]) || rest[end] == '\t')) ++end;
    if (end + 1 >= rest.size() || rest[end] != '\r' || rest[end + 1] != '\n')
      return {400, "a control byte, or a line that does not end with CR LF"};
    line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    return {};
  }

  Slice slice(std::string_view part) const {
    return {static_cast<std::uint32_t>(part.data() - bytes_.data()), static_cast<std::uint32_t>(part.size())};
  }

  HeadRefusal requestLine(std::string_view line) {
    std::size_t first = line.find(' ');
    std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
      return {400, "the request line is not METHOD TARGET HTTP/1.1"};
    std::string_view method = line.substr(0, first);
    std::string_view target = line.substr(first + 1, last - first - 1);
    std::string_view version = line.substr(last + 1);
    if (!isToken(method)) return {400, "the method is not a token"};
    if (HeadRefusal wrong = checkVersion(version)) return wrong;
    if (method.size() > kLongestMethod) return {501, "this method is not known"};
    head_.method = slice(method);
    return checkTarget(method, target);
  }

  HeadRefusal checkVersion(std::string_view version) {
    if (version == "HTTP/1.1") {
      head_.http11 = true;
    } else if (version == "HTTP/1.0") {
      head_.http11 = false;
    } else if (version.size() == 8 && version.substr(0, 5) == "HTTP/" && isDigit(version[5]) && version[6] == '.' &&
               isDigit(version[7])) {
      return {505, "only HTTP/1.0 and HTTP/1.1 are spoken here"};
    } else {
      return {400, "the request line does not end with a version"};
    }
    return {};
  }

  HeadRefusal checkTarget(std::string_view method, std::string_view target) {
    static constexpr std::array<std::string_view, 7> kKnown = {"GET",   "HEAD",   "POST",   "PUT",
                                                               "PATCH", "DELETE", "OPTIONS"};
    if (target.empty()) return {400, "the request has no target"};
    if (target.size() > limits_.max_target) return {414, "the target is too long"};
    for (char c : target) {
      auto byte = static_cast<unsigned char>(c);
      if (byte <= 0x20 || byte >= 0x7F || c == '#')
        return {400, "the target holds a byte that must be percent-encoded"};
    }
    if (std::find(kKnown.begin(), kKnown.end(), method) == kKnown.end()) return {501, "this method is not known"};
    if (target == "*") {
      if (method != "OPTIONS") return {400, "only OPTIONS may ask for *"};
    } else if (target.front() != '/') {
      if (HeadRefusal wrong = absoluteTarget(target)) return wrong;
    }
    head_.target = slice(target);
    return {};
  }

  /// Leaves the path and query of `target`; keeps the authority to compare it with Host.
  HeadRefusal absoluteTarget(std::string_view& target) {
    std::size_t scheme_end = target.find("://");
    if (scheme_end == std::string_view::npos) return {400, "the target does not start with '/'"};
    std::string_view scheme = target.substr(0, scheme_end);
    if (!sameName(scheme, "http") && !sameName(scheme, "https")) return {400, "the target's scheme is not served here"};
    std::string_view rest = target.substr(scheme_end + 3);
    std::size_t path = rest.find('/');
    if (path == std::string_view::npos) return {400, "an absolute target needs a path"};
    target_authority_ = rest.substr(0, path);
    has_target_authority_ = true;
    target = rest.substr(path);
    return {};
  }

  HeadRefusal field(std::string_view line) {
    if (head_.fields.size() == limits_.max_fields) return {431, "there are too many fields"};
    if (line.front() == ' ' || line.front() == '\t') return {400, "a field is folded over two lines"};
    std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return {400, "a field has no colon"};
    std::string_view name = line.substr(0, colon);
    if (!isToken(name)) return {400, "a field's name is not a token"};
    std::string_view value = trimmed(line.substr(colon + 1));
    if (name.size() > kLongestName || value.size() > limits_.max_value) return {431, "a field is too long"};
    head_.fields.push_back({slice(name), value.empty() ? Slice{} : slice(value)});
    return watched(name, value);
  }

  HeadRefusal watched(std::string_view name, std::string_view value) {
    bool once_more = false;
    if (sameName(name, "host")) {
      once_more = std::exchange(framing_.has_host, true);
      framing_.host = value;
    } else if (sameName(name, "content-length")) {
      once_more = std::exchange(framing_.has_content_length, true);
      framing_.content_length = value;
    } else if (sameName(name, "transfer-encoding")) {
      once_more = std::exchange(framing_.has_transfer_encoding, true);
      framing_.transfer_encoding = value;
    } else if (sameName(name, "expect")) {
      once_more = std::exchange(framing_.has_expect, true);
      framing_.expect = value;
    } else if (sameName(name, "authorization")) {
      once_more = std::exchange(framing_.has_authorization, true);
    } else if (sameName(name, "origin")) {
      once_more = std::exchange(framing_.has_origin, true);
    } else if (sameName(name, "content-type")) {
      once_more = std::exchange(framing_.has_content_type, true);
    } else if (sameName(name, "cookie")) {
      once_more = std::exchange(framing_.has_cookie, true);
    } else if (sameName(name, "connection")) {
      connection(value);
    } else {
      return {};
    }
    if (once_more) return {400, "a field that may stand once stands twice"};
    // Whoever decodes RFC 2047 words in fields (Poco does) sees another value than the one that was checked.
    if (value.find("=?") != std::string_view::npos) return {400, "a field holds an encoded word"};
    return {};
  }

  void connection(std::string_view value) {
    while (!value.empty()) {
      std::size_t comma = value.find(',');
      std::string_view option = trimmed(value.substr(0, comma));
      framing_.says_close |= sameName(option, "close");
      framing_.says_keep_alive |= sameName(option, "keep-alive");
      value = comma == std::string_view::npos ? std::string_view{} : value.substr(comma + 1);
    }
  }

  HeadRefusal host() {
    if (!framing_.has_host && head_.http11) return {400, "HTTP/1.1 needs a Host field"};
    if (framing_.has_host) {
      if (!isServed(parseAuthority(framing_.host), limits_.hosts)) return {400, "the Host field names nobody here"};
      head_.host = slice(framing_.host);
    }
    if (has_target_authority_) {
      if (!isServed(parseAuthority(target_authority_), limits_.hosts)) return {400, "the target names nobody here"};
      if (framing_.has_host && !sameName(framing_.host, target_authority_))
        return {400, "the target and the Host field differ"};
      head_.host = slice(target_authority_);
    }
    return {};
  }

  HeadRefusal body() {
    head_.keep_alive = head_.http11 ? !framing_.says_close : framing_.says_keep_alive && !framing_.says_close;
    if (framing_.has_transfer_encoding) {
      if (!head_.http11) return {400, "HTTP/1.0 has no Transfer-Encoding"};
      if (framing_.has_content_length) return {400, "Content-Length and Transfer-Encoding exclude each other"};
      if (framing_.transfer_encoding != "chunked") return {400, "the only transfer coding is chunked"};
      head_.body = Head::Body::chunked;
    } else if (framing_.has_content_length) {
      std::string_view digits = framing_.content_length;
      if (digits.empty() || digits.size() > kLongestLength || !std::all_of(digits.begin(), digits.end(), isDigit))
        return {400, "Content-Length is not a number"};
      for (char c : digits) head_.content_length = head_.content_length * 10 + static_cast<std::uint64_t>(c - '0');
      if (head_.content_length > limits_.max_body) return {413, "the body is larger than what is taken here"};
      head_.body = head_.content_length == 0 ? Head::Body::none : Head::Body::length;
    } else {
      // By the RFC this is an empty body. A client that sends one all the same must not have it read as the next
      // request.
      std::string_view method = head_.method.in(bytes_);
      if (method == "POST" || method == "PUT" || method == "PATCH") head_.keep_alive = false;
    }
    if (framing_.has_expect) {
      if (!sameName(framing_.expect, "100-continue")) return {400, "this expectation is not known"};
      head_.expects_continue = head_.http11 && head_.body != Head::Body::none;
    }
    return {};
  }

  std::string_view bytes_;
  const HeadLimits& limits_;
  Head& head_;
  Framing framing_;
  std::string_view target_authority_;
  bool has_target_authority_ = false;
};

}  // namespace

bool sameName(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

bool isToken(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return kTokenTable[static_cast<unsigned char>(c)]; });
}

HeadRefusal HeadScanner::scan(std::string_view bytes, const HeadLimits& limits) {
  constexpr HeadRefusal kWrongLine = {400, "a control byte, or a line that does not end with CR LF"};
  if (begin_ == 0 && bytes.substr(0, 2) == "\r\n") {
    begin_ = 2;
    scanned_ = std::max(scanned_, begin_);
  }
  bool request_line = std::string_view(bytes).substr(begin_, scanned_ - begin_).find('\n') == std::string_view::npos;
  for (; scanned_ < bytes.size(); ++scanned_) {
    char c = bytes[scanned_];
    bool after_return = scanned_ > begin_ && bytes[scanned_ - 1] == '\r';
    if (after_return != (c == '\n')) return kWrongLine;
    if (isControl(c) && c != '\t' && c != '\r' && c != '\n') return kWrongLine;
    if (c == '\n') {
      std::size_t length = scanned_ + 1 - begin_;
      // An empty line where the request line should be: one was skipped already.
      if (length == 2) return {400, "the request line is empty"};
      request_line = false;
      if (length >= 4 && bytes.substr(scanned_ - 3, 4) == "\r\n\r\n") {
        end_ = ++scanned_;
        break;
      }
    }
    if (request_line && scanned_ - begin_ > limits.max_target + kAroundTarget) return {414, "the target is too long"};
    if (scanned_ - begin_ >= limits.max_head) return {431, "the head is too long"};
  }
  if (complete() && end_ - begin_ > limits.max_head) return {431, "the head is too long"};
  return {};
}

HeadRefusal headCheck(std::string_view bytes, const HeadLimits& limits, Head& head) {
  head = Head{};
  head.fields.reserve(kUsualFields);
  return Check(bytes, limits, head).run();
}

}  // namespace testarena::http
