// SPDX-License-Identifier: Apache-2.0
// A Response made ready for the wire.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "response.h"

namespace testarena::http {

struct ServerOptions;

/// What is sent: the head, then the body (null: none).
struct Answer {
  std::string head;
  std::shared_ptr<const std::string> body;
  bool close = false;                        ///< the head says `Connection: close`
  std::shared_ptr<const BodySource> source;  ///< null unless the body is made while it is sent; `body` is then a piece
};

/// Writes the head of every answer, and adds what every answer must have: Date, length, connection, request id and the
/// security fields. Refusals, which no handler sees, go through it too, so there is no answer without them. Values were
/// checked when the Response got them.
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
  Answer make(const Response& response, const Asked& asked) const;

  /// The answer to a request that was refused, always with `Connection: close`.
  Answer refusal(const Response& response) const { return make(response, {{}, false, true, false}); }

 private:
  std::array<std::string, kAnswerKinds> policies_;  ///< whole field lines, by AnswerKind
};

}  // namespace testarena::http
