// SPDX-License-Identifier: Apache-2.0
// A client of one HTTP server that never leaves in doubt what became of a request.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <testarena/call.h>

#include "address.h"
#include "answer.h"

namespace testarena::http {

struct ClientOptions {
  std::string ca_file;              ///< PEM file with the only authorities to be believed; empty: the system's
  std::size_t max_connections = 8;  ///< requests under way at once; further ones wait
};

struct Request {
  std::string method = "GET";
  std::string target;        ///< path and query, percent-encoded, begins with `/`; sent as it stands
  std::string content_type;  ///< of the body; empty: no such field is sent
  std::string body;
  std::string bearer;                       ///< token; empty: no field Authorization is sent
  std::chrono::milliseconds limit{10'000};  ///< for everything: resolving, connecting, sending, the whole answer
  std::uint64_t max_body = std::uint64_t{1} << 20;  ///< of the answer
  /// Sending it twice is as good as once. Only then may it go out on a connection that was used before, which the
  /// server may be closing at this very moment, and be sent again where that has happened.
  bool repeatable = true;
  std::function<void(std::string_view)> sink;  ///< takes the body of an answer 200, piece by piece; may throw
};

enum class Outcome {
  answered,  ///< a whole answer has come, whatever its status says
  not_sent,  ///< proof that the server has nothing of it: there was no connection, or nothing went out
  unknown,   ///< anything else: the server may have it, may have done it, may still do it
};

struct Exchange {
  Outcome outcome = Outcome::unknown;
  Answer answer;                  ///< if answered; else what was understood of it
  Code code = Code::ok;           ///< if not answered: unavailable, deadline_exceeded, cancelled, exhausted (too long)
  std::string problem;            ///< if not answered: what went wrong, with method and address, for a person
  bool answer_begun = false;      ///< the server has answered something
  bool body_is_too_long = false;  ///< longer than the request allows
  bool ended_by_closing = false;  ///< the body was read to the end of the connection, but no length was told

  /// The answer. Throws Error with `code` and `problem` if there is none.
  const Answer& whole() const;
};

/// Threads: any, also several at once. Redirects are not followed: 3xx is an answer like others. Informational answers
/// are skipped, a few of them. What is no HTTP or has no provable end is Outcome::unknown.
///
/// TLS is 1.2 or 1.3, and always verified: chain and name. It writes by way of OpenSSL, so SIGPIPE must be ignored, as
/// the programs of this project do.
class Client {
 public:
  /// `server.target` does not matter. Throws Invalid with the pointer `/ca_file` if that cannot be read.
  Client(Address server, ClientOptions options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Never throws for what the server or the network does; `call` ends the exchange early.
  Exchange send(const Request& request, const Call& call);

  const Address& server() const;

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

}  // namespace testarena::http
