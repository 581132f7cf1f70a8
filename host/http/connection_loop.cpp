// SPDX-License-Identifier: Apache-2.0
#include "connection_loop.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <testarena/error.h>

#include "problem.h"

namespace testarena::http {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kEvents = 512;
constexpr std::size_t kScratch = 64 * 1024;
constexpr std::size_t kAcceptsPerRound = 128;       // then those who are served already get their turn
constexpr std::size_t kWritePerRound = 512 * 1024;  // so that one large answer does not hold up the others
constexpr std::size_t kDrainPerRound = 16;
constexpr milliseconds kTick{250};
constexpr milliseconds kIdleTick{1000};
constexpr milliseconds kStopTick{10};
constexpr milliseconds kStallLook{2};
constexpr milliseconds kLinger{2000};
constexpr milliseconds kBetweenWarnings{10'000};
constexpr std::uint64_t kDescriptorsForOthers = 256;  // database, plugins, files

constexpr std::uint32_t kReadEvents = EPOLLIN | EPOLLRDHUP | EPOLLET;
// Not edge-triggered, and not EPOLLRDHUP: a client that has finished sending may still read.
constexpr std::uint32_t kWriteEvents = EPOLLOUT;

std::size_t roomForConnections(const ServerOptions& options) {
  std::uint64_t limit = raiseDescriptorLimit();
  std::uint64_t room = limit > 2 * kDescriptorsForOthers ? limit - kDescriptorsForOthers : limit / 2;
  return options.max_connections == 0 ? static_cast<std::size_t>(room)
                                      : std::min(options.max_connections, static_cast<std::size_t>(room));
}

Refusal reasonFor(int status) {
  switch (status) {
    case 408:
      return Refusal::timed_out;
    case 413:
    case 414:
    case 431:
      return Refusal::too_large;
    case 501:
    case 505:
      return Refusal::not_implemented;
    default:
      return Refusal::malformed;
  }
}

HeadLimits limitsFrom(const ServerOptions& options) {
  HeadLimits limits;
  limits.max_head = options.max_head;
  limits.max_target = options.max_target;
  limits.max_fields = options.max_fields;
  limits.max_body = options.max_body;
  limits.hosts = options.hosts;
  return limits;
}

}  // namespace

ConnectionLoop::ConnectionLoop(const ServerOptions& options, Listener listener, const AnswerMaker& answers,
                               Counters& counters, LogLine warning)
    : options_(options),
      limits_(limitsFrom(options)),
      max_connections_(roomForConnections(options)),
      answers_(answers),
      counters_(counters),
      warning_(std::move(warning)),
      listener_(std::move(listener)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      table_(counters),
      events_(kEvents),
      scratch_(kScratch) {
  if (!epoll_ || !wake_) throw Unavailable(std::string("cannot make the connection loop: ") + std::strerror(errno));
  for (int descriptor : {listener_.descriptor(), wake_.get()}) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = nullptr;  // Both: what there is to do is looked at in every round that names one of them.
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) != 0)
      throw Unavailable(std::string("cannot watch the listening socket: ") + std::strerror(errno));
  }
}

ConnectionLoop::~ConnectionLoop() = default;

void ConnectionLoop::run(WorkerPool& workers) {
  workers_ = &workers;
  now_ = next_tick_ = last_stall_look_ = Clock::now();
  last_warning_ = now_ - kBetweenWarnings;
  while (round()) {
  }
}

int ConnectionLoop::patience() const {
  if (workers_->busy()) return static_cast<int>(kStallLook.count());
  bool any_timed = false;
  for (State state : {State::fresh, State::reading, State::busy, State::writing, State::lingering})
    any_timed |= table_.count(state) > 0;
  if (!any_timed && table_.count(State::idle) == 0 && !stopping()) return -1;
  auto left = std::chrono::ceil<milliseconds>(next_tick_ - Clock::now()).count();
  return static_cast<int>(std::max<decltype(left)>(left, 0));
}

bool ConnectionLoop::round() {
  int count = ::epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), patience());
  now_ = Clock::now();
  bool called = false;
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events_[static_cast<std::size_t>(i)];
    if (event.data.ptr == nullptr)
      called = true;
    else
      onEvent(*static_cast<Connection*>(event.data.ptr), event.events);
  }
  if (called) {
    takeOutcomes();
    if (!stopping()) acceptAll();
  }
  submit();
  if (now_ - last_stall_look_ >= kStallLook) {
    last_stall_look_ = now_;
    workers_->noticeStall();
  }
  if (now_ >= next_tick_ || stopping()) tick();
  bool go_on = !stopping() || stopRound();
  table_.sweep();
  return go_on;
}

void ConnectionLoop::watch(Connection& connection, int operation, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &connection;
  if (::epoll_ctl(epoll_.get(), operation, connection.socket.get(), &event) != 0) close(connection);
}

void ConnectionLoop::forget(int descriptor) {
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr);
}

// Accepting.

void ConnectionLoop::acceptAll() {
  for (std::size_t i = 0; i < kAcceptsPerRound; ++i) {
    Listener::Accepted accepted = listener_.accept();
    if (accepted.result == Listener::Result::none) return;
    if (accepted.result == Listener::Result::failed) continue;
    counters_.connections_accepted.fetch_add(1, std::memory_order_relaxed);
    bool full = counters_.connections_open.load(std::memory_order_relaxed) +
                    counters_.viewers.load(std::memory_order_relaxed) >=
                max_connections_;
    if (accepted.result == Listener::Result::no_descriptors || (full && !makeRoom())) {
      turnAway(std::move(accepted));
      continue;
    }
    Connection& connection = table_.add(std::move(accepted.socket), accepted.peer, now_);
    watch(connection, EPOLL_CTL_ADD, kReadEvents);
  }
}

/// 503 to a connection that there is no place for.
void ConnectionLoop::turnAway(Listener::Accepted accepted) {
  counters_.refused(Refusal::full);
  Unsent unsent;
  unsent.answer =
      answers_.refusal(problemResponse({503, {}, "All connections are in use; try again in a moment.", {}, {}}));
  sendMore(accepted.socket.get(), unsent, unsent.size());
  ::shutdown(accepted.socket.get(), SHUT_WR);
  accepted.socket.reset();
  if (accepted.result == Listener::Result::no_descriptors) {
    listener_.giveBack();
    makeRoom();
    warnRarely(
        "http: the process has no file descriptor left: connections are turned away with 503; raise the limit of open "
        "files");
  } else {
    warnRarely("http: all " + std::to_string(max_connections_) +
               " connections are busy: new ones are turned away with 503");
  }
}

bool ConnectionLoop::makeRoom() {
  takeParked();
  Connection* connection = table_.leastMissed();
  if (connection == nullptr) return false;
  close(*connection);
  return true;
}

// Reading.

void ConnectionLoop::onEvent(Connection& connection, std::uint32_t events) {
  // Told once only, perhaps together with the last bytes.
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) connection.peer_finished = true;
  switch (connection.state) {
    case State::busy:
      if (!takeFromWorker(connection)) return;
      [[fallthrough]];
    case State::fresh:
    case State::idle:
    case State::reading:
      receive(connection);
      return;
    case State::writing:
      write(connection);
      return;
    case State::lingering:
      drain(connection);
      return;
    case State::gone:
      return;
  }
}

/// True if the worker had parked it. Otherwise the worker is told to hand it back when it is done.
bool ConnectionLoop::takeFromWorker(Connection& connection) {
  Connection::Turn turn = Connection::Turn::worker;
  if (connection.turn.compare_exchange_strong(turn, Connection::Turn::worker_then_loop, std::memory_order_acq_rel))
    return false;
  if (turn != Connection::Turn::parked) return false;
  connection.turn.store(Connection::Turn::loop, std::memory_order_relaxed);
  table_.move(connection, State::idle, now_);
  return true;
}

/// Reads what there is. The end of a body is the end of this too, so it is bounded by the largest request.
void ConnectionLoop::receive(Connection& connection) {
  for (;;) {
    ssize_t size = ::recv(connection.socket.get(), scratch_.data(), scratch_.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (size <= 0) return close(connection);
    counters_.request_bytes.fetch_add(static_cast<std::uint64_t>(size), std::memory_order_relaxed);
    if (!take(connection, {scratch_.data(), static_cast<std::size_t>(size)})) return;
    // A read that fills less than it could has emptied the socket: the next edge will tell. But an end that was
    // announced already makes no edge.
    if (static_cast<std::size_t>(size) < scratch_.size() && !connection.peer_finished) return;
  }
}

/// True if the connection waits for more bytes of a request.
bool ConnectionLoop::take(Connection& connection, std::string_view bytes) {
  if (stopping()) {
    close(connection);
    return false;
  }
  RequestReader& reader = connection.reader;
  bool had_head = reader.headComplete();
  std::size_t before = reader.buffered();
  RequestReader::Step step = reader.feed(bytes, limits_);
  buffered_ += reader.buffered();
  buffered_ -= before;
  if (step.refusal) {
    refuse(connection, step.refusal.status, step.refusal.detail, reasonFor(step.refusal.status));
    return false;
  }
  if (step.request) {
    dispatch(connection, std::move(step.request));
    return false;
  }
  if (reader.empty()) return true;
  if (connection.state != State::reading) {
    table_.move(connection, State::reading, now_);
    limitReading(connection);
  }
  if (!had_head && reader.headComplete()) connection.since = now_;
  if (step.send_continue) {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    ::send(connection.socket.get(), kContinue.data(), kContinue.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  while (buffered_ > options_.max_buffered) {
    Connection* oldest = table_.oldest(State::reading);
    if (oldest == nullptr) break;
    counters_.refused(Refusal::full);
    close(*oldest);
  }
  return connection.state == State::reading;
}

/// One address may have so many requests under way that are not complete; a new one takes the place of the oldest.
void ConnectionLoop::limitReading(Connection& newest) {
  while (table_.readingFrom(newest.peer) > options_.max_incomplete_per_address) {
    counters_.refused(Refusal::crowded_address);
    close(*table_.oldestReadingFrom(newest.peer));
  }
}

void ConnectionLoop::dispatch(Connection& connection, std::unique_ptr<CompleteRequest> request) {
  table_.move(connection, State::busy, now_);
  connection.turn.store(Connection::Turn::worker, std::memory_order_relaxed);
  auto work = std::make_unique<PendingRequest>();
  work->connection = &connection;
  work->descriptor = connection.socket.get();
  work->peer = connection.peer;
  work->request = std::move(request);
  work->hand_back = connection.peer_finished || !connection.reader.empty();
  work->complete = now_;
  batch_.push_back(std::move(work));
}

/// A worker makes the next piece of an answer.
void ConnectionLoop::handBack(Connection& connection, std::unique_ptr<Unsent> unfinished) {
  table_.move(connection, State::busy, now_);
  // What comes meanwhile stays in the socket; that there may be something is remembered.
  connection.turn.store(Connection::Turn::worker_then_loop, std::memory_order_relaxed);
  auto work = std::make_unique<PendingRequest>();
  work->connection = &connection;
  work->descriptor = connection.socket.get();
  work->peer = connection.peer;
  work->unfinished = std::move(unfinished);
  work->hand_back = true;
  work->complete = now_;
  batch_.push_back(std::move(work));
}

void ConnectionLoop::submit() {
  if (batch_.empty()) return;
  workers_->submit(batch_);
  for (WorkerPool::Work& work : batch_) {
    work->connection->turn.store(Connection::Turn::loop, std::memory_order_relaxed);
    if (work->unfinished) {
      // In the middle of a body nothing else can be said.
      counters_.refused(Refusal::full);
      close(*work->connection);
      continue;
    }
    refuse(*work->connection, 503, "More requests are waiting than can be served; try again in a moment.",
           Refusal::full);
  }
  batch_.clear();
}

// Back from the workers.

void ConnectionLoop::finish(Outcome outcome, bool hand_back) {
  if (outcome.next == Outcome::Next::keep && !hand_back) {
    Connection::Turn turn = Connection::Turn::worker;
    if (outcome.connection->turn.compare_exchange_strong(turn, Connection::Turn::parked, std::memory_order_acq_rel))
      return;
  }
  std::lock_guard lock(mutex_);
  outcomes_.push_back(std::move(outcome));
  wake();
}

/// With mutex_ held.
void ConnectionLoop::wake() {
  if (awake_) return;
  awake_ = true;
  std::uint64_t one = 1;
  [[maybe_unused]] ssize_t written = ::write(wake_.get(), &one, sizeof one);
}

void ConnectionLoop::takeOutcomes() {
  {
    std::lock_guard lock(mutex_);
    if (awake_) {
      std::uint64_t count = 0;
      [[maybe_unused]] ssize_t got = ::read(wake_.get(), &count, sizeof count);
      awake_ = false;
    }
    outcomes_taken_.swap(outcomes_);
  }
  for (Outcome& outcome : outcomes_taken_) take(std::move(outcome));
  outcomes_taken_.clear();
}

void ConnectionLoop::take(Outcome outcome) {
  Connection& connection = *outcome.connection;
  bool more =
      connection.turn.exchange(Connection::Turn::loop, std::memory_order_acq_rel) == Connection::Turn::worker_then_loop;
  switch (outcome.next) {
    case Outcome::Next::keep:
      table_.move(connection, State::idle, now_);
      nextRequest(connection, more);
      return;
    case Outcome::Next::close:
      // Closing a socket with unread bytes resets it, and the reset can overtake the answer.
      if (more || !connection.reader.empty())
        linger(connection);
      else
        close(connection);
      return;
    case Outcome::Next::write:
      beginWriting(connection, std::move(outcome.unsent));
      return;
    case Outcome::Next::detached:
      connection.socket.release();
      close(connection);
      return;
  }
}

/// After an answer: there may be another request already.
void ConnectionLoop::nextRequest(Connection& connection, bool more_has_come) {
  if (!connection.reader.empty() && !take(connection, {})) return;
  if (more_has_come)
    receive(connection);
  else if (connection.peer_finished)
    close(connection);
}

// Writing.

void ConnectionLoop::beginWriting(Connection& connection, std::unique_ptr<Unsent> unsent) {
  connection.unsent = std::move(unsent);
  connection.unsent->mark = connection.unsent->sent;
  connection.unsent->marked_at = now_;
  table_.move(connection, State::writing, now_);
  watch(connection, EPOLL_CTL_MOD, kWriteEvents);
}

void ConnectionLoop::write(Connection& connection) {
  Unsent& unsent = *connection.unsent;
  std::size_t before = unsent.sent;
  if (!sendMore(connection.socket.get(), unsent, kWritePerRound)) return close(connection);
  counters_.response_bytes.fetch_add(unsent.sent - before, std::memory_order_relaxed);
  if (!unsent.done()) return;
  bool close_now = unsent.answer.close;
  std::unique_ptr<Unsent> written = std::move(connection.unsent);
  watch(connection, EPOLL_CTL_MOD, kReadEvents);
  if (connection.state == State::gone) return;
  if (written->hasMore()) return handBack(connection, std::move(written));
  if (close_now) return linger(connection);
  table_.move(connection, State::idle, now_);
  nextRequest(connection, true);
}

void ConnectionLoop::refuse(Connection& connection, int status, std::string_view detail, Refusal reason) {
  counters_.refused(reason);
  Unsent unsent;
  unsent.answer = answers_.refusal(problemResponse({status, {}, std::string(detail), {}, {}}));
  // It is small and the first thing on its way: if the kernel does not take it, nobody is reading.
  sendMore(connection.socket.get(), unsent, unsent.size());
  counters_.response_bytes.fetch_add(unsent.sent, std::memory_order_relaxed);
  counters_.answers.at(static_cast<std::size_t>(status / 100)).fetch_add(1, std::memory_order_relaxed);
  linger(connection);
}

void ConnectionLoop::linger(Connection& connection) {
  ::shutdown(connection.socket.get(), SHUT_WR);
  buffered_ -= connection.reader.buffered();
  connection.reader = {};
  table_.move(connection, State::lingering, now_);
  drain(connection);
}

void ConnectionLoop::drain(Connection& connection) {
  for (std::size_t i = 0; i < kDrainPerRound; ++i) {
    ssize_t size = ::recv(connection.socket.get(), scratch_.data(), scratch_.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (size <= 0) return close(connection);
  }
}

void ConnectionLoop::close(Connection& connection) {
  buffered_ -= connection.reader.buffered();
  connection.reader = {};
  connection.unsent.reset();
  // Closing is not enough: a child that is just being started holds the socket until its own program begins, and as
  // long as somebody holds it, it is watched, for a connection that is no more.
  if (connection.socket) forget(connection.socket.get());
  table_.move(connection, State::gone, now_);
}

// Time.

void ConnectionLoop::tick() {
  bool all_quiet = table_.count(State::fresh) + table_.count(State::reading) + table_.count(State::busy) +
                       table_.count(State::writing) + table_.count(State::lingering) ==
                   0;
  next_tick_ = now_ + (stopping() ? kStopTick : all_quiet ? kIdleTick : kTick);
  auto closeOlderThan = [&](State state, milliseconds age) {
    for (Connection* oldest = table_.oldest(state); oldest != nullptr && now_ - oldest->since > age;
         oldest = table_.oldest(state))
      close(*oldest);
  };
  closeOlderThan(State::fresh, options_.head_time);
  closeOlderThan(State::idle, options_.keep_alive);
  closeOlderThan(State::lingering, kLinger);
  takeParked();
  table_.forEach(State::reading, [&](Connection& connection) { tickReading(connection); });
  table_.forEach(State::writing, [&](Connection& connection) { tickWriting(connection); });
}

/// Those whose worker was done without a word.
void ConnectionLoop::takeParked() {
  table_.forEach(State::busy, [&](Connection& connection) {
    Connection::Turn turn = Connection::Turn::parked;
    if (connection.turn.compare_exchange_strong(turn, Connection::Turn::loop, std::memory_order_acq_rel))
      table_.move(connection, State::idle, now_);
  });
}

void ConnectionLoop::tickReading(Connection& connection) {
  milliseconds allowed = options_.head_time;
  if (connection.reader.headComplete()) {
    auto earned = connection.reader.buffered() * 1000 / std::max<std::size_t>(options_.min_body_rate, 1);
    allowed = options_.body_grace + milliseconds(earned);
  }
  if (now_ - connection.since > allowed)
    refuse(connection, 408, "The request did not come in time.", Refusal::timed_out);
}

void ConnectionLoop::tickWriting(Connection& connection) {
  Unsent& unsent = *connection.unsent;
  if (now_ - unsent.marked_at < options_.write_stall) return;
  if (unsent.sent - unsent.mark < options_.min_write_progress) {
    counters_.refused(Refusal::slow_reader);
    return close(connection);
  }
  unsent.mark = unsent.sent;
  unsent.marked_at = now_;
}

// Stopping.

void ConnectionLoop::stop(Clock::time_point deadline) {
  std::lock_guard lock(mutex_);
  if (!stopping()) deadline_ = deadline;
  stopping_.store(true, std::memory_order_release);
  wake();
}

/// False when there is nothing left to wait for.
bool ConnectionLoop::stopRound() {
  listener_.close();
  for (State state : {State::fresh, State::idle, State::reading})
    table_.forEach(state, [&](Connection& connection) { close(connection); });
  if (table_.count(State::busy) + table_.count(State::writing) + table_.count(State::lingering) == 0) return false;
  std::lock_guard lock(mutex_);
  if (now_ < deadline_) return true;
  // Descriptors that a worker may still use are closed with the table, when there is no worker any more.
  table_.forEach(State::busy, [](Connection& connection) { ::shutdown(connection.socket.get(), SHUT_RDWR); });
  for (State state : {State::writing, State::lingering})
    table_.forEach(state, [&](Connection& connection) { close(connection); });
  return false;
}

void ConnectionLoop::warnRarely(std::string_view text) {
  if (!warning_ || now_ - last_warning_ < kBetweenWarnings) return;
  last_warning_ = now_;
  warning_(text);
}

}  // namespace testarena::http
