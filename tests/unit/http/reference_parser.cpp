// SPDX-License-Identifier: Apache-2.0
// Works on whole texts with regular expressions; nothing of it is shared with the parser it checks.
#include "reference_parser.h"

#include <arpa/inet.h>
#include <map>
#include <optional>
#include <regex>
#include <string>
#include <vector>

namespace testarena::http::test {
namespace {

const std::regex kRequestLine("([!#$%&'*+.^_`|~0-9A-Za-z-]{1,})[ ]([^ ]+)[ ]HTTP/1[.]([01])");
const std::regex kField("([!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}):[ \\t]*([^]*?)[ \\t]*");
const std::regex kLength("[0-9]{1,15}");
const std::regex kChunkSize("[0-9A-Fa-f]{1,8}");
const std::regex kAbsolute("https?://([^/]*)(/.*)", std::regex::icase);
const std::regex kServedHost(
    "(((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])[.]){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
    "|(?!-)([a-z0-9_-]+[.])*localhost[.]?|arena[.]example[.]?|\\[[0-9a-f:.]+\\])(:[0-9]{1,5})?",
    std::regex::icase);

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return text;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool isServed(const std::string& host) {
  std::smatch parts;
  if (!std::regex_match(host, parts, kServedHost)) return false;
  if (host[0] == '[') {
    in6_addr ignored{};
    if (inet_pton(AF_INET6, host.substr(1, host.find(']') - 1).c_str(), &ignored) != 1) return false;
  }
  std::string port = host.substr(host.find_last_of("]:") + 1);
  return host.back() == ']' || host.find(':') == std::string::npos || std::stoi(port) <= 65535;
}

/// True if no continuation can make this the beginning of a head.
bool isHopeless(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto c = static_cast<unsigned char>(text[i]);
    if (c == '\n' && (i == 0 || text[i - 1] != '\r')) return true;
    if (c == '\r' && i + 1 < text.size() && text[i + 1] != '\n') return true;
    if ((c < 32 && c != '\t' && c != '\r' && c != '\n') || c == 127) return true;
  }
  return text.size() >= 2 && text.substr(0, 2) == "\r\n";
}

struct Body {
  enum Kind { none, length, chunked } kind = none;
  std::size_t size = 0;
};

/// What body follows a head; nothing if the head is to be refused.
std::optional<Body> readHead(const std::string& head) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < head.size();) {
    std::size_t end = head.find("\r\n", at);
    lines.push_back(head.substr(at, end - at));
    at = end + 2;
  }
  std::smatch line;
  if (!std::regex_match(lines[0], line, kRequestLine)) return std::nullopt;
  const std::string method = line[1];
  std::string target = line[2];
  const bool old = line[3] == "0";
  if (!std::regex_match(method, std::regex("GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS"))) return std::nullopt;
  if (target.size() > 8192) return std::nullopt;
  for (char c : target)
    if (static_cast<unsigned char>(c) > 126 || static_cast<unsigned char>(c) < 33 || c == '#') return std::nullopt;

  std::map<std::string, std::vector<std::string>> fields;
  if (lines.size() > 101) return std::nullopt;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    std::smatch field;
    if (!std::regex_match(lines[i], field, kField)) return std::nullopt;
    if (field[2].length() > 8191) return std::nullopt;
    fields[lower(field[1])].push_back(field[2]);
  }
  for (const char* single :
       {"host", "content-length", "transfer-encoding", "cookie", "authorization", "origin", "content-type", "expect"}) {
    if (fields[single].size() > 1) return std::nullopt;
    if (!fields[single].empty() && has(fields[single][0], "=?")) return std::nullopt;
  }
  for (const std::string& value : fields["connection"])
    if (has(value, "=?")) return std::nullopt;

  if (fields["host"].empty() && !old) return std::nullopt;
  if (!fields["host"].empty() && !isServed(fields["host"][0])) return std::nullopt;
  if (target == "*") {
    if (method != "OPTIONS") return std::nullopt;
  } else if (target[0] != '/') {
    std::smatch parts;
    if (!std::regex_match(target, parts, kAbsolute) || !isServed(parts[1])) return std::nullopt;
    if (!fields["host"].empty() && lower(fields["host"][0]) != lower(parts[1])) return std::nullopt;
  }
  if (!fields["expect"].empty() && lower(fields["expect"][0]) != "100-continue") return std::nullopt;

  Body body;
  if (!fields["transfer-encoding"].empty()) {
    if (old || !fields["content-length"].empty() || fields["transfer-encoding"][0] != "chunked") return std::nullopt;
    body.kind = Body::chunked;
  } else if (!fields["content-length"].empty()) {
    if (!std::regex_match(fields["content-length"][0], kLength)) return std::nullopt;
    body.kind = Body::length;
    body.size = std::stoull(fields["content-length"][0]);
    if (body.size > 1048576) return std::nullopt;
  }
  return body;
}

enum class Outcome { whole, more, broken };

/// Takes a chunked body off the front.
Outcome readChunks(std::string_view& rest) {
  std::size_t total = 0;
  for (;;) {
    std::size_t end = rest.find('\r');
    std::string size(rest.substr(0, end));
    if (end == std::string_view::npos)
      return size.empty() || std::regex_match(size, kChunkSize) ? Outcome::more : Outcome::broken;
    if (!std::regex_match(size, kChunkSize)) return Outcome::broken;
    std::size_t bytes = std::stoull(size, nullptr, 16);
    total += bytes;
    if (total > 1048576) return Outcome::broken;
    rest.remove_prefix(end);
    auto lineEnd = [&] {
      std::string_view two = rest.substr(0, 2);
      if (two.size() == 2 && two != "\r\n") return Outcome::broken;
      if (two.size() < 2) return two.empty() || two == "\r" ? Outcome::more : Outcome::broken;
      rest.remove_prefix(2);
      return Outcome::whole;
    };
    if (Outcome after_size = lineEnd(); after_size != Outcome::whole) return after_size;
    if (rest.size() < bytes) return Outcome::more;
    rest.remove_prefix(bytes);
    if (Outcome after_data = lineEnd(); after_data != Outcome::whole) return after_data;
    if (bytes == 0) return Outcome::whole;
  }
}

}  // namespace

Reading readReference(std::string_view rest) {
  Reading reading;
  for (;;) {
    if (rest.substr(0, 2) == "\r\n") rest.remove_prefix(2);
    std::size_t end = rest.find("\r\n\r\n");
    std::string head(rest.substr(0, end == std::string_view::npos ? end : end + 2));
    if (isHopeless(head) || head.size() > 16384) {
      reading.refused = true;
      return reading;
    }
    if (end == std::string_view::npos) return reading;
    std::optional<Body> body = readHead(head);
    rest.remove_prefix(end + 4);
    Outcome outcome = Outcome::whole;
    if (!body) {
      outcome = Outcome::broken;
    } else if (body->kind == Body::chunked) {
      outcome = readChunks(rest);
    } else if (rest.size() < body->size) {
      outcome = Outcome::more;
    } else {
      rest.remove_prefix(body->size);
    }
    reading.refused = outcome == Outcome::broken;
    if (outcome != Outcome::whole) return reading;
    ++reading.requests;
  }
}

}  // namespace testarena::http::test
