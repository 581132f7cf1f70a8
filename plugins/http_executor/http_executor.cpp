// SPDX-License-Identifier: Apache-2.0
#include "http_executor.h"

#include "existing_executor.h"
#include "json_record.h"
#include "runner_executor.h"

namespace testarena::http_executor {
namespace {

constexpr int kQuestions = 3;

}  // namespace

HttpExecutor::HttpExecutor(const Settings& settings, const Host& host)
    : profile_(checked(settings)),
      address_(profile_.server.server() + profile_.paths),
      memory_(profile_.folder),
      host_(host),
      remote_(profile_, host) {
  if (!profile_.server.tls && !settings.token.empty()) {
    host_.warning("the token is sent in the clear: use https, or a network that nobody else listens to");
  }
}

Executor& HttpExecutor::behind(const Call& call) {
  const std::lock_guard lock(mutex_);
  if (kind_ == Kind::runner && remote_.wasLost()) askAgain_ = true;
  if (kind_ != Kind::unknown && !askAgain_) return *behind_;

  ExecutorCapabilities can;
  const Kind now = ask(call, can);
  askAgain_ = false;
  remote_.wasLost();
  if (kind_ == Kind::unknown && now == Kind::runner) {
    memory_.remember(address_);
    host_.info(address_ + " is a testarena-runner");
    behind_ = std::make_unique<RunnerExecutor>(profile_, remote_, can);
  } else if (kind_ == Kind::unknown) {
    host_.info(address_ + " is an existing server: it runs what the branch has become, not the commit that was chosen");
    behind_ = std::make_unique<ExistingExecutor>(profile_, remote_, host_);
  }
  kind_ = now;
  return *behind_;
}

HttpExecutor::Kind HttpExecutor::ask(const Call& call, ExecutorCapabilities& can) {
  std::string told;
  bool isPlain = false;
  // Whatever stands in between may say 500, or show a page, once. A 404 is what such a server says.
  for (int question = 0; question < kQuestions && !isPlain; ++question) {
    if (askOnce(call, can, told, isPlain) == Kind::runner) return Kind::runner;
  }
  if (!memory_.remembers(address_)) return Kind::existing;
  // The host counts on what a runner promises; a server that promises less could be made to run a job twice.
  throw Unavailable(address_ + " was a testarena-runner and answers as none now (" + told +
                    "): if it was replaced, remove " + memory_.file().string() + " and restart this server");
}

HttpExecutor::Kind HttpExecutor::askOnce(const Call& call, ExecutorCapabilities& can, std::string& what,
                                         bool& isPlain) {
  const http::Request request = remote_.request("GET", profile_.paths + "/capabilities");
  const http::Exchange exchange = remote_.send(request, call);
  // What such servers answer to a question they do not know need not even be whole: its status is enough.
  const int status = exchange.answer.status;
  if (status == 0 || status == 200) exchange.whole();
  what = "GET " + request.target + " was answered by " + said(exchange.answer);
  isPlain = status == 404;
  if (status == 401 || status == 403) throw Denied(what + ": check `token`");
  if (status == 429 || status == 502 || status == 503 || status == 504) throw Unavailable(what);
  if (status != 200) return Kind::existing;
  json::Value told;
  try {
    told = json::parse(exchange.answer.body);
  } catch (const Invalid&) {
    return Kind::existing;
  }
  if (told.word("server") != "testarena-runner") return Kind::existing;
  if (told.word("protocol") != "1") {
    throw Unavailable(profile_.server.server() + " speaks version " + told.word("protocol").value_or("?") +
                      " of the protocol, this plugin version 1: bring the older one up to date");
  }
  try {
    can = json::read<ExecutorCapabilities>(told);
  } catch (const Invalid& error) {
    throw Unavailable("the answer to GET " + request.target + " is not understood: " + error.what());
  }
  return Kind::runner;
}

}  // namespace testarena::http_executor
