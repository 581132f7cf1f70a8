// SPDX-License-Identifier: Apache-2.0
// The five requests of part 1 of doc/remote-protocol.md, and nothing else.
#pragma once

#include <map>
#include <optional>
#include <string>

#include <testarena/executor.h>

#include "remote.h"

namespace testarena::http_executor {

/// What is known after `POST /queue`.
struct Posted {
  enum class Is {
    accepted,
    not_sent,  ///< proof that the server has nothing of it
    answered,  ///< a whole answer, which did not accept it: the request is no longer under way
    unknown,   ///< it may be accepted, now or later
  };
  Is is = Is::unknown;
  int status = 0;        ///< if answered
  bool otherId = false;  ///< accepted, but under an id that is not ours
  std::string problem;   ///< unless accepted
};

/// Each call is one request. Throws Unavailable, DeadlineExceeded or Cancelled where there is no right answer, with a
/// sentence that names the request; `Denied` where the token is refused.
///
/// Threads: any.
class ExistingServer {
 public:
  ExistingServer(const Profile& profile, Remote& remote) : profile_(profile), remote_(remote) {}

  /// Never throws for what the server does.
  Posted post(const Submission& submission, const Call& call);

  /// What the server says of a queue or a task; it has a text `status`. Unset: 404. An answer about another id, or
  /// about a task where a queue was meant, is none.
  std::optional<json::Value> queue(const std::string& id, const Call& call) { return status(id, "queue", call); }
  std::optional<json::Value> task(const std::string& id, const Call& call) { return status(id, "task", call); }

  /// The states of all queues. Exhausted: they are too many to be told in one answer.
  std::map<std::string, std::string> queues(const Call& call);

  /// False: 404.
  bool abort(const std::string& id, const Call& call);
  bool remove(const std::string& id, const Call& call);

 private:
  std::optional<json::Value> status(const std::string& id, const char* type, const Call& call);
  bool command(const http::Request& request, const std::string& id, const Call& call);
  const http::Answer& answerTo(const http::Request& request, const http::Exchange& exchange) const;

  const Profile& profile_;
  Remote& remote_;
};

/// A whole answer to a POST of a submission that is not the right one, so that it ended the request's flight: unless it
/// is from something between us and the server that itself had no answer.
bool endsFlight(int status);

}  // namespace testarena::http_executor
