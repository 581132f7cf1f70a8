// SPDX-License-Identifier: Apache-2.0
#include "server.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include <testarena/error.h>

#include "answer.h"
#include "connection_loop.h"
#include "event_hub.h"
#include "host_name.h"
#include "ip_address.h"
#include "listener.h"
#include "pending_answer.h"
#include "pending_request.h"
#include "problem.h"
#include "request_id.h"
#include "worker_pool.h"

namespace testarena::http {
namespace {

/// A worker gives the kernel so much before the loop takes over; more than any answer but a log's.
constexpr std::size_t kWriteAtOnce = 1024 * 1024;
constexpr int kPiecesAtOnce = 16;

ServerOptions checked(ServerOptions options) {
  if (options.hot_workers == 0) options.hot_workers = std::max(2U, std::thread::hardware_concurrency());
  options.max_workers = std::max(options.max_workers, options.hot_workers);
  for (std::string& host : options.hosts) {
    if (parseAuthority(host).host != host)
      throw Invalid("host '" + host + "' is not a name that can stand in a Host field (without port)");
    std::transform(host.begin(), host.end(), host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  }
  return options;
}

WorkerPool::Options poolOptions(const ServerOptions& options) {
  return {options.hot_workers, options.max_workers, options.max_queued, options.worker_idle};
}

}  // namespace

/// The parts of a server and the threads between them.
class Server::Front {
 public:
  Front(ServerOptions options, ServerCallbacks callbacks, EventHub* hub, Counters* counters)
      : options_(checked(std::move(options))),
        callbacks_(std::move(callbacks)),
        hub_(hub),
        counters_(counters != nullptr ? *counters : own_counters_),
        proxies_(options_.trusted_proxies),
        answers_(options_),
        loop_(options_, Listener(options_.listen), answers_, counters_, callbacks_.warning),
        workers_(
            poolOptions(options_), [this](WorkerPool::Work work) { serve(std::move(work)); }, counters_) {
    if (!callbacks_.handler) throw Invalid("a server needs a handler");
    gate_->front = this;
  }
  ~Front() { stop(); }

  void start() {
    if (!thread_.joinable()) thread_ = std::thread([this] { loop_.run(workers_); });
  }

  void stop() {
    Clock::time_point deadline = Clock::now() + options_.stop_time;
    loop_.stop(deadline);
    std::lock_guard lock(stop_mutex_);
    if (thread_.joinable()) thread_.join();
    auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (!workers_.stop(std::max(left, std::chrono::milliseconds(0))) && callbacks_.warning)
      callbacks_.warning("http: stopped while requests were still being handled");
    const std::lock_guard closing(gate_->mutex);
    gate_->front = nullptr;
  }

  const Listener& listener() const { return loop_.listener(); }
  const Counters& counters() const { return counters_; }

 private:
  /// By which answers that come later find the server, as long as there is one.
  struct Gate {
    std::mutex mutex;
    Front* front = nullptr;  ///< protected by mutex
  };

  /// All that is needed to answer a request whose handler has returned.
  struct SetAside {
    WorkerPool::Work work;
    std::optional<Request> request;
    std::string request_id;
    AnswerMaker::Asked asked;
  };

  /// On a worker's thread: one request from its bytes to its answer.
  void serve(WorkerPool::Work pending) {
    PendingRequest& work = *pending;
    if (work.unfinished) return sendNext(work, std::move(work.unfinished), std::nullopt, 0);
    CompleteRequest& complete = *work.request;
    AnswerMaker::Asked asked;
    asked.head_only = complete.head.method.in(complete.head_bytes) == "HEAD";
    asked.http11 = complete.head.http11;
    asked.keep_alive = complete.head.keep_alive && !loop_.stopping();

    std::string request_id;
    std::optional<Request> request;
    Response response = respond(work, request, request_id);
    asked.request_id = request_id;
    counters_.requests.fetch_add(1, std::memory_order_relaxed);
    if (response.begin()) {
      return setAside({std::move(pending), std::move(request), std::move(request_id), asked}, response);
    }
    if (response.stream() != nullptr && !asked.head_only) {
      if (openStream(work, response, asked)) return;
    }
    answer(work, response, asked, request);
  }

  void answer(const PendingRequest& work, const Response& response, const AnswerMaker::Asked& asked,
              const std::optional<Request>& request) {
    counters_.answers.at(static_cast<std::size_t>(response.status() / 100) % 6).fetch_add(1, std::memory_order_relaxed);
    auto unsent = std::make_unique<Unsent>();
    unsent->answer = answers_.make(response, asked);
    sendNext(work, std::move(unsent), request, response.status());
  }

  /// The worker is free; whoever gives the answer sends what the kernel takes of it, and the loop does the rest.
  void setAside(SetAside aside, const Response& response) {
    const auto kept = std::make_shared<SetAside>(std::move(aside));
    const auto pending = std::make_shared<PendingAnswer>([kept, gate = gate_](Response given) {
      const std::lock_guard lock(gate->mutex);
      if (gate->front != nullptr) gate->front->answerLater(*kept, std::move(given));
    });
    try {
      response.begin()(pending);
    } catch (...) {
      pending->give(problemFromException(kept->request_id, callbacks_.failed));
    }
  }

  void answerLater(SetAside& aside, Response response) {
    aside.asked.request_id = aside.request_id;
    if (response.stream() != nullptr || response.bodySource() != nullptr || response.begin()) {
      if (callbacks_.failed) callbacks_.failed(aside.request_id, "an answer that came later was no plain one");
      response = problemResponse({500, {}, "Something went wrong here.", {}, aside.request_id});
    }
    answer(*aside.work, response, aside.asked, aside.request);
  }

  Response respond(const PendingRequest& work, std::optional<Request>& request, std::string& request_id) {
    CompleteRequest& complete = *work.request;
    try {
      Origin origin = originOf(work.peer, complete);
      request_id = origin.request_id;
      request.emplace(std::move(complete.head_bytes), std::move(complete.head), std::move(complete.body),
                      std::move(origin));
      return callbacks_.handler(*request);
    } catch (...) {
      return problemFromException(request_id, callbacks_.failed);
    }
  }

  Origin originOf(const IpAddress& peer, const CompleteRequest& complete) const {
    Origin origin;
    origin.peer = peer.text();
    origin.client = origin.peer;
    origin.peer_is_trusted = proxies_.contains(peer);
    std::string forwarded_for;
    for (const Head::Field& field : complete.head.fields) {
      std::string_view name = field.name.in(complete.head_bytes);
      std::string_view value = field.value.in(complete.head_bytes);
      if (sameName(name, "x-request-id") && isRequestId(value)) origin.request_id = value;
      if (!origin.peer_is_trusted) continue;
      if (sameName(name, "x-forwarded-for")) forwarded_for.append(forwarded_for.empty() ? "" : ",").append(value);
      // Several proxies: the nearest wrote the last one, and only it is known.
      if (sameName(name, "x-forwarded-proto")) origin.secure = sameName(value, "https");
    }
    if (!forwarded_for.empty()) origin.client = proxies_.client(peer, forwarded_for).text();
    if (origin.request_id.empty()) origin.request_id = newRequestId();
    return origin;
  }

  /// True if the connection went to the hub; false if `response` has become an ordinary answer.
  bool openStream(PendingRequest& work, Response& response, const AnswerMaker::Asked& asked) {
    std::string id(asked.request_id);
    try {
      if (hub_ == nullptr) throw Internal("a handler opened an event stream on a server without an event hub");
      EventHub::Opening opening = hub_->begin(std::move(*response.stream()));
      Answer answer = answers_.make(response, asked);
      counters_.answers[2].fetch_add(1, std::memory_order_relaxed);
      loop_.forget(work.descriptor);
      hub_->adopt(work.descriptor, std::move(answer.head), std::move(opening));
      loop_.finish({work.connection, Outcome::Next::detached, nullptr}, true);
      return true;
    } catch (...) {
      response = problemFromException(id, callbacks_.failed);
      return false;
    }
  }

  /// Gives the kernel what it takes at once. Of a body that is made while it is sent, at most so many pieces that no
  /// other request waits long for this thread; the loop brings the rest back here.
  void sendNext(const PendingRequest& work, std::unique_ptr<Unsent> unsent, const std::optional<Request>& request,
                int status) {
    bool sent = true;
    try {
      if (!unsent->answer.source) sent = sendCounted(work.descriptor, *unsent);
      for (int pieces = 0; sent && unsent->isReadyForMore() && pieces < kPiecesAtOnce; ++pieces) {
        unsent->makeNext();
        sent = sendCounted(work.descriptor, *unsent);
      }
    } catch (const std::exception& error) {
      if (callbacks_.failed) callbacks_.failed("", error.what());
      sent = false;
    }
    if (callbacks_.answered && request) {
      std::size_t body = unsent->answer.body ? unsent->answer.body->size() : 0;
      callbacks_.answered({*request, status, body, Clock::now() - work.complete});
    }
    Outcome outcome{work.connection, Outcome::Next::keep, nullptr};
    const bool finished = unsent->done() && !unsent->hasMore();
    if (!sent || (finished && unsent->answer.close)) {
      outcome.next = Outcome::Next::close;
    } else if (!finished) {
      outcome.next = Outcome::Next::write;
      outcome.unsent = std::move(unsent);
    }
    loop_.finish(std::move(outcome), work.hand_back);
  }

  bool sendCounted(int descriptor, Unsent& unsent) {
    const std::size_t before = unsent.sent;
    const bool sent = sendMore(descriptor, unsent, kWriteAtOnce);
    counters_.response_bytes.fetch_add(unsent.sent - before, std::memory_order_relaxed);
    return sent;
  }

  const ServerOptions options_;
  const ServerCallbacks callbacks_;
  EventHub* const hub_;
  Counters own_counters_;
  Counters& counters_;
  const TrustedProxies proxies_;
  const AnswerMaker answers_;
  ConnectionLoop loop_;
  WorkerPool workers_;  // Ends before the loop's table closes the descriptors.
  std::mutex stop_mutex_;
  std::thread thread_;
  const std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
};

Server::Server(ServerOptions options, ServerCallbacks callbacks, EventHub* hub, Counters* counters)
    : front_(std::make_unique<Front>(std::move(options), std::move(callbacks), hub, counters)) {}
Server::~Server() = default;
void Server::start() {
  front_->start();
}
void Server::stop() {
  front_->stop();
}
const std::string& Server::address() const {
  return front_->listener().address();
}
std::uint16_t Server::port() const {
  return front_->listener().port();
}
const Counters& Server::counters() const {
  return front_->counters();
}

BlockingRegion::BlockingRegion() : counted_(WorkerPool::enterBlocking()) {}
BlockingRegion::~BlockingRegion() {
  if (counted_) WorkerPool::leaveBlocking();
}

}  // namespace testarena::http
