// SPDX-License-Identifier: Apache-2.0
// One HTTP request as handlers see it: complete, checked, and never changing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "head_check.h"

namespace testarena::http {

/// What is known about the connection that a request came by, after forwarded headers of trusted proxies were read.
struct Origin {
  std::string peer;    ///< address of the other end of the socket, without port: "127.0.0.1", "::1"
  std::string client;  ///< address of the person's machine; the peer's own unless a trusted proxy says otherwise
  bool peer_is_trusted = false;  ///< the peer is one of the configured proxies
  bool secure = false;           ///< a trusted proxy says that the person's side is TLS
  std::string request_id;        ///< for logs and problem answers; `[A-Za-z0-9._-]{1,64}`
};

/// One request. A handler gets it by const reference and may read it from its own thread only; every view it hands out
/// lives as long as the request.
///
/// What a handler can rely on: the head passed headCheck, so every byte of a name or value is the byte that was sent
/// (nothing is decoded twice), there is one Host, one Content-Length at most, the path starts with '/', holds no "." or
/// ".." segment, and decodes to UTF-8 without control characters. The body is whole.
class Request {
 public:
  using Parameters = std::vector<std::pair<std::string, std::string>>;

  /// `head` is what headCheck made of `head_bytes`. Throws Invalid when path or query do not decode to what is promised
  /// above.
  Request(std::string head_bytes, Head head, std::string body, Origin origin);
  ~Request();
  Request(Request&&) noexcept;
  Request& operator=(Request&&) noexcept;

  std::string_view method() const;    ///< "GET", "HEAD", "POST", ...
  std::string_view target() const;    ///< path and query exactly as sent, without scheme and authority
  std::string_view rawPath() const;   ///< the path exactly as sent: what a log line shows
  std::string_view rawQuery() const;  ///< what follows the '?', without it; empty if there is none
  std::string_view host()
      const;  ///< the Host field as sent, or the authority of an absolute target; empty for HTTP/1.0 without

  /// The path's segments, each decoded on its own, so that "a%2Fb" is one segment "a/b". "/" has one empty segment.
  const std::vector<std::string>& segments() const;

  /// The query's parameters in the order sent, decoded ('+' is a space). Names may repeat.
  const Parameters& query() const;
  /// The first parameter of that name; nothing if there is none, an empty text if it has no value.
  std::optional<std::string_view> query(std::string_view name) const;

  /// A field's value, without surrounding blanks; names are compared without case. The first one if it repeats.
  std::optional<std::string_view> header(std::string_view name) const;
  /// Every value of a field, in order.
  std::vector<std::string_view> headers(std::string_view name) const;
  /// The value of a cookie as sent (not decoded, quotes kept). Nothing if it is missing **or sent twice**: a second
  /// cookie of the same name was planted by somebody.
  std::optional<std::string_view> cookie(std::string_view name) const;

  const std::string& body() const;
  /// The media type alone, lower case, without parameters: "application/json". Empty if there is none.
  std::string contentType() const;

  const Origin& origin() const;
  const std::string& id() const { return origin().request_id; }
  /// True when the client's address is one of this machine's loopback addresses.
  bool fromLoopback() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// The request that a complete text is, head and body: for tests of handlers. Throws Invalid with the reason if the
/// head is refused.
Request requestFromText(std::string_view text, Origin origin = {});

}  // namespace testarena::http
