// SPDX-License-Identifier: Apache-2.0
// A Response made ready for the wire.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "response.h"

namespace testarena::http {

class PocoExchange;
struct ServerOptions;

/// What is sent: the head, then the body (null: none).
struct Answer {
  std::string head;
  std::shared_ptr<const std::string> body;
  bool close = false;  ///< the head says `Connection: close`
};

/// Adds to every answer what every answer must have: Date, length, connection, request id and the security fields.
/// Refusals, which no handler sees, go through it too, so there is no answer without them.
class AnswerMaker {
 public:
  explicit AnswerMaker(const ServerOptions& options);

  /// What of the request decides the form of the answer.
  struct Asked {
    std::string_view request_id;
    bool head_only = false;
    bool http11 = true;
    bool keep_alive = true;
  };
  Answer make(const Response& response, const Asked& asked, PocoExchange& exchange) const;

  /// The answer to a request that was refused, always with `Connection: close`.
  Answer refusal(const Response& response) const;

 private:
  using Fields = Response::Fields;
  Fields fields(const Response& response, const Asked& asked, bool close) const;

  const std::string& policy(AnswerKind kind) const;

  std::string csp_data_;
  std::string csp_page_;
  std::string csp_download_;
};

}  // namespace testarena::http
