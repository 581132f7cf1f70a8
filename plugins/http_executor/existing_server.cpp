// SPDX-License-Identifier: Apache-2.0
#include "existing_server.h"

#include "queue_form.h"

namespace testarena::http_executor {
namespace {

constexpr std::uint64_t kMostQueues = std::uint64_t{4} << 20;  // the list has no pages

bool isSame(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

[[noreturn]] void refuse(const http::Request& request, const std::string& why) {
  throw Unavailable("the answer to " + request.method + " " + request.target + " is not understood: " + why);
}

}  // namespace

bool endsFlight(int status) {
  return status != 502 && status != 504;
}

Posted ExistingServer::post(const Submission& submission, const Call& call) {
  const std::string queue = profile_.queueOf(submission.job);
  const http::Request request = remote_.postOf(profile_.paths + "/queue", queueBody(profile_, submission));
  const http::Exchange exchange = remote_.send(request, call);
  Posted posted;
  posted.problem = exchange.problem;
  if (exchange.outcome == http::Outcome::not_sent) posted.is = Posted::Is::not_sent;
  if (exchange.outcome != http::Outcome::answered) return posted;

  const http::Answer& answer = exchange.answer;
  posted.status = answer.status;
  posted.problem = "POST " + request.target + " was answered by " + said(answer);
  posted.is = endsFlight(answer.status) ? Posted::Is::answered : Posted::Is::unknown;
  if (answer.status != 200) return posted;
  try {
    const json::Value body = json::parse(answer.body);
    const auto id = body.word("queue_id");
    posted.otherId = id && *id != queue;
    if (id == queue && isSame(body.word("status").value_or(""), "queue ok")) posted.is = Posted::Is::accepted;
  } catch (const Invalid&) {  // a page for people, most likely
  }
  return posted;
}

const http::Answer& ExistingServer::answerTo(const http::Request& request, const http::Exchange& exchange) const {
  const http::Answer& answer = exchange.whole();
  if (answer.status == 200 || answer.status == 204 || answer.status == 404) return answer;
  const std::string what = request.method + " " + request.target + " was answered by " + said(answer);
  if (answer.status == 401 || answer.status == 403) throw Denied(what + ": check `token`");
  if (answer.status >= 300 && answer.status < 400)
    throw Unavailable(what + ": redirects are not followed, check `url`");
  throw Unavailable(what);
}

std::optional<json::Value> ExistingServer::status(const std::string& id, const char* type, const Call& call) {
  const http::Request request = remote_.request("GET", profile_.paths + "/status/" + inPath(id));
  const http::Exchange exchange = remote_.send(request, call);
  const http::Answer& answer = answerTo(request, exchange);
  if (answer.status == 404) return std::nullopt;
  json::Value body = jsonOf(request, answer);
  if (body.word("id") != id) refuse(request, "it is about '" + body.word("id").value_or("nothing") + "'");
  if (const auto told = body.word("type"); told && !isSame(*told, type)) {
    refuse(request, "it is about a " + *told + ", not about a " + type);
  }
  if (!body.word("status")) refuse(request, "it has no status");
  return body;
}

std::map<std::string, std::string> ExistingServer::queues(const Call& call) {
  http::Request request = remote_.request("GET", profile_.paths + "/queues");
  request.max_body = kMostQueues;
  const http::Exchange exchange = remote_.send(request, call);
  const http::Answer& answer = answerTo(request, exchange);
  if (answer.status == 404)
    throw Unavailable("there is no " + request.target + " on the server: check `url` and `prefix`");
  const json::Value body = jsonOf(request, answer);
  if (body.list() == nullptr) refuse(request, "it is no list");
  std::map<std::string, std::string> states;
  for (const json::Value& queue : *body.list()) {
    const auto id = queue.word("id");
    const auto state = queue.word("status");
    if (id && state) states.emplace(*id, *state);  // the newest is the first
  }
  return states;
}

bool ExistingServer::command(const http::Request& request, const std::string& id, const Call& call) {
  const http::Exchange exchange = remote_.send(request, call);
  const http::Answer& answer = answerTo(request, exchange);
  if (answer.status == 404) return false;
  if (answer.status == 204) return true;  // done, and nothing to say
  const json::Value body = jsonOf(request, answer);
  if (body.word("id") != id) refuse(request, "it is about '" + body.word("id").value_or("nothing") + "'");
  return true;
}

bool ExistingServer::abort(const std::string& id, const Call& call) {
  return command(remote_.request("POST", profile_.control + "/abort/" + inPath(id)), id, call);
}

bool ExistingServer::remove(const std::string& id, const Call& call) {
  return command(remote_.request("DELETE", profile_.control + "/delete/" + inPath(id)), id, call);
}

}  // namespace testarena::http_executor
