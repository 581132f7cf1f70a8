// SPDX-License-Identifier: Apache-2.0
// Poco's HTTP classes at work on bytes that have passed headCheck. The only place that includes them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "head_check.h"

namespace testarena::http {

/// One request read, and one answer's head written, by Poco::Net (HTTPServerSession, HTTPServerRequestImpl,
/// HTTPServerResponseImpl).
///
/// The session's socket has no descriptor: it gives out the checked head and nothing else, so Poco never waits, never
/// reads on into the next request, and never closes the connection. Poco 1.11 accepts most of what request smuggling is
/// made of and decodes RFC 2047 words in every field; therefore it sees only what was checked, fields with encoded
/// words are kept from it, and what handlers see of a field are the bytes that came.
class PocoExchange {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  PocoExchange(std::string_view head_bytes, const Head& head);
  ~PocoExchange();
  PocoExchange(const PocoExchange&) = delete;
  PocoExchange& operator=(const PocoExchange&) = delete;

  /// True if Poco read the same method, target, version, length and wish to go on as headCheck did. Two readings of one
  /// request are how smuggling begins, so the answer to false is 400 and a closed connection.
  bool agrees() const;

  /// The head of the answer, from status line to empty line. Fields must have been checked (Response does).
  std::string answerHead(int status, std::string_view reason, const Fields& fields);

 private:
  struct Poco;
  std::string_view bytes_;
  const Head& head_;
  std::unique_ptr<Poco> poco_;
};

/// The same for an answer without a request that could be read.
std::string answerHead(int status, std::string_view reason, const PocoExchange::Fields& fields);

}  // namespace testarena::http
