// SPDX-License-Identifier: Apache-2.0
// The one thread that owns every connection that no worker has.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <sys/epoll.h>
#include <vector>

#include "answer.h"
#include "connection_table.h"
#include "counters.h"
#include "listener.h"
#include "pending_request.h"
#include "server.h"
#include "worker_pool.h"

namespace testarena::http {

/// Accepts, reads until a request is complete, hands it to a worker, and takes the connection back. Everything that can
/// be slow on the client's side happens here: half-sent heads and bodies, answers that are not taken, tabs that are
/// open and silent. Nothing here waits for one of them, and each has its limit of time for the whole of it.
///
/// Sockets are registered once, edge-triggered. So between two requests of a connection there is no call to epoll: the
/// worker parks the connection with an atomic exchange and the next edge brings it here.
class ConnectionLoop {
 public:
  ConnectionLoop(const ServerOptions& options, Listener listener, const AnswerMaker& answers, Counters& counters,
                 LogLine warning);
  ~ConnectionLoop();
  ConnectionLoop(const ConnectionLoop&) = delete;
  ConnectionLoop& operator=(const ConnectionLoop&) = delete;

  /// Serves until stop() is done. The pool's threads call finish().
  void run(WorkerPool& workers);

  /// Ends run(): takes no new connection or request, lets answers in hand go out until `deadline`. Any thread.
  void stop(Clock::time_point deadline);
  bool stopping() const { return stopping_.load(std::memory_order_acquire); }

  /// A worker is done with a connection. The worker must not touch it afterwards.
  void finish(Outcome outcome, bool hand_back);
  /// Before a worker gives the descriptor to somebody else: this loop will see nothing of it any more.
  void forget(int descriptor);

  const Listener& listener() const { return listener_; }

 private:
  using State = Connection::State;

  bool round();
  int patience() const;
  void wake();
  void acceptAll();
  void turnAway(Listener::Accepted accepted);
  bool makeRoom();
  void onEvent(Connection& connection, std::uint32_t events);
  bool takeFromWorker(Connection& connection);
  void receive(Connection& connection);
  bool take(Connection& connection, std::string_view bytes);
  void limitReading(Connection& newest);
  void dispatch(Connection& connection, std::unique_ptr<CompleteRequest> request);
  void handBack(Connection& connection, std::unique_ptr<Unsent> unfinished);
  void submit();
  void takeOutcomes();
  void take(Outcome outcome);
  void nextRequest(Connection& connection, bool more_has_come);
  void beginWriting(Connection& connection, std::unique_ptr<Unsent> unsent);
  void write(Connection& connection);
  void refuse(Connection& connection, int status, std::string_view detail, Refusal reason);
  void linger(Connection& connection);
  void drain(Connection& connection);
  void close(Connection& connection);
  void watch(Connection& connection, int operation, std::uint32_t events);
  void tick();
  void takeParked();
  void tickReading(Connection& connection);
  void tickWriting(Connection& connection);
  bool stopRound();
  void warnRarely(std::string_view text);

  const ServerOptions& options_;
  const HeadLimits limits_;
  const std::size_t max_connections_;
  const AnswerMaker& answers_;
  Counters& counters_;
  const LogLine warning_;
  Listener listener_;
  Descriptor epoll_;
  Descriptor wake_;

  // The loop's thread only.
  WorkerPool* workers_ = nullptr;
  ConnectionTable table_;
  std::vector<epoll_event> events_;
  std::vector<char> scratch_;  ///< what recv fills; a request that comes whole is never copied into its connection
  std::vector<WorkerPool::Work> batch_;
  std::vector<Outcome> outcomes_taken_;
  std::size_t buffered_ = 0;  ///< by all who are reading
  Clock::time_point now_;
  Clock::time_point next_tick_;
  Clock::time_point last_stall_look_;
  Clock::time_point last_warning_;

  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  // Protected by mutex_.
  std::vector<Outcome> outcomes_;
  bool awake_ = false;  ///< the loop has been woken and has not looked yet
  Clock::time_point deadline_;
};

}  // namespace testarena::http
