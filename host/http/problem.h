// SPDX-License-Identifier: Apache-2.0
// Every error answer: RFC 9457 problem documents, all made here.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "response.h"

namespace testarena {
inline namespace v1 {
class Error;
}
}  // namespace testarena

namespace testarena::http {

/// One thing that is wrong with what the client sent.
struct ProblemItem {
  std::string pointer;  ///< JSON pointer into the body ("/scenarios/2"), or the name of a parameter; empty: all of it
  std::string message;  ///< for a person: what is wrong and what to do
};

struct Problem {
  int status = 500;
  std::string title;  ///< empty: the status's reason phrase
  std::string detail;
  std::vector<ProblemItem> errors;
  std::string request_id;
};

/// The document's text. Always valid JSON: bytes that are not UTF-8 become U+FFFD.
std::string problemJson(const Problem& problem);

/// The answer: application/problem+json, no-store. 401 gets `WWW-Authenticate: Bearer` (never Basic: a browser would
/// keep the password), 429 and 503 get `Retry-After: 1` unless the handler sets another.
Response problemResponse(const Problem& problem);

/// Which status an error of the program is answered with.
int statusOf(const Error& error);

/// What the front tells the log about a request that failed: `text` is the real reason, never shown to the client.
using ProblemLog = std::function<void(std::string_view request_id, std::string_view text)>;

/// The answer for the exception that is being handled; call it in a catch block. An Error becomes its status with its
/// message; everything else, thrown numbers included, becomes a 500 that says the request id and nothing more, while
/// the real text goes to `log`.
Response problemFromException(const std::string& request_id, const ProblemLog& log);

}  // namespace testarena::http
