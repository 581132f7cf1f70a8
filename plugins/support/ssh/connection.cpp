// SPDX-License-Identifier: Apache-2.0
#include "connection.h"

#include <algorithm>
#include <fcntl.h>
#include <random>
#include <unistd.h>

#include <testarena/error.h>

#include "remote_channel.h"
#include "session.h"

namespace testarena::ssh {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostChannels = 8;  // sshd allows 10 unless told otherwise
constexpr auto kTick = 100ms;
constexpr auto kIdle = 15s;          // between two signs of life
constexpr auto kFirstPause = 250ms;  // after a failure, doubled with each further one
constexpr auto kLongestPause = 15'000ms;

std::chrono::milliseconds pauseAfter(int failures) {
  const auto full = std::min<std::chrono::milliseconds>(kFirstPause * (1 << std::min(failures - 1, 8)), kLongestPause);
  // So that many who lost the same machine do not come back at the same moment.
  thread_local std::minstd_rand random(std::random_device{}());
  return full / 2 + std::chrono::milliseconds(random() % static_cast<unsigned>(full.count() / 2 + 1));
}

}  // namespace

/// Protected by mutex_, but for what the thread alone uses while it is being served.
struct Connection::Request {
  Command command;
  bool isDone = false;
  bool isAbandoned = false;
  Finished finished;
  // Not as an exception: one that several threads refer to is counted where ThreadSanitizer does not see it.
  Code code = Code::ok;
  std::string message;

  void fail(Code why, std::string what) {
    code = why;
    message = std::move(what);
  }
};

struct Connection::Running {
  Running(Session& session, RequestPtr served) : request(std::move(served)), channel(session, request->command) {}
  RequestPtr request;
  RemoteChannel channel;
};

Connection::Connection(ConnectionSettings settings, std::function<void(const std::string&)> report)
    : settings_((check(settings), std::move(settings))),
      name_(describe(settings_)),
      report_(std::move(report)),
      wake_(process::Pipe::make()) {
  if (!wake_.reading) throw Unavailable("no file descriptor is left for a connection to " + name_);
  ::fcntl(wake_.writing.get(), F_SETFL, O_NONBLOCK);  // nobody reads while there is no connection
  thread_ = std::thread([this] { loop(); });
}

Connection::~Connection() {
  {
    const std::lock_guard lock(mutex_);
    isStopping_ = true;
  }
  changed_.notify_all();
  wake();
  thread_.join();
}

void Connection::wake() {
  const char any = 0;
  if (::write(wake_.writing.get(), &any, 1) != 1) return;  // a full pipe wakes as well
}

Finished Connection::run(const Command& command, const Call& call) {
  if (command.line.find('\0') != std::string::npos) throw Invalid("a command cannot contain a NUL");
  call.check();
  const RequestPtr request = std::make_shared<Request>();
  request->command = command;
  std::unique_lock lock(mutex_);
  if (failures_ > 0 && Clock::now() < notBefore_) throw Unavailable(lastFailure_);
  queue_.push_back(request);
  changed_.notify_all();
  wake();
  while (!request->isDone) {
    changed_.wait_for(lock, std::min<std::chrono::milliseconds>(call.remaining(), kTick));
    if (request->isDone || !call.cancelled()) continue;
    request->isAbandoned = true;
    lock.unlock();
    wake();
    call.check();
    throw Cancelled("the call was taken back");
  }
  if (request->code != Code::ok) throwError(request->code, request->message);
  return std::move(request->finished);
}

void Connection::loop() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return isStopping_ || !queue_.empty(); });
      if (isStopping_) break;
    }
    std::string why;
    try {
      const std::unique_ptr<Session> session = connect();
      serve(*session);
      continue;
    } catch (const std::exception& error) {
      why = error.what();
    }
    bool isNews = false;
    {
      const std::lock_guard lock(mutex_);
      if (isStopping_) break;
      isNews = failures_ == 0 || lastFailure_ != why;
      lastFailure_ = why;
      notBefore_ = Clock::now() + pauseAfter(++failures_);
    }
    if (isNews && report_) report_(why);
    failAll(why);
  }
  failAll("the connection to " + name_ + " is being ended");
}

std::unique_ptr<Session> Connection::connect() {
  const Clock::time_point deadline = Clock::now() + settings_.connect_timeout;
  const GiveUp giveUp = [this, deadline] {
    if (Clock::now() >= deadline) {
      throw Unavailable("no SSH connection to " + name_ + " within " +
                        std::to_string(settings_.connect_timeout.count()) +
                        " ms: it does not answer, or far too slowly");
    }
    const std::lock_guard lock(mutex_);
    if (isStopping_) throw Unavailable("the connection to " + name_ + " is being ended");
  };
  try {
    auto session = std::make_unique<Session>(settings_, giveUp);
    const std::lock_guard lock(mutex_);
    failures_ = 0;
    return session;
  } catch (const Unavailable&) {
    giveUp();  // what was ended because of the time looks like a lost connection from inside
    throw;
  }
}

void Connection::serve(Session& session) {
  std::vector<std::unique_ptr<Running>> running;
  std::size_t most = kMostChannels;
  Clock::time_point lastSign = Clock::now();
  while (session.isUp()) {
    takeRequests(session, running, most);
    {
      const std::lock_guard lock(mutex_);
      if (isStopping_) return;
    }
    if (!advance(session, running, most)) break;
    if (Clock::now() - lastSign >= kIdle) {
      session.sendSignOfLife();
      lastSign = Clock::now();
    }
    // What has just been begun or sent is mostly answered within the tick; nobody waits for its end.
    session.waitAndReceive(wake_.reading.get(), running.empty() ? std::chrono::milliseconds(kIdle) : kTick);
    char drained[64];
    while (::read(wake_.reading.get(), drained, sizeof drained) > 0) {
    }
  }
  const std::string why = "the connection to " + name_ + " was lost: " + session.lastError();
  for (const auto& each : running) {
    finish(*each->request, [&](Request& request) {
      request.fail(Code::unavailable, why + "; whether the command has run is not known");
    });
  }
}

void Connection::takeRequests(Session& session, std::vector<std::unique_ptr<Running>>& running, std::size_t& most) {
  const std::lock_guard lock(mutex_);
  while (!queue_.empty() && running.size() < most) {
    RequestPtr request = std::move(queue_.front());
    queue_.pop_front();
    if (!request->isAbandoned) running.push_back(std::make_unique<Running>(session, std::move(request)));
  }
}

/// One step of each; false if the connection is of no use any more.
bool Connection::advance(Session& session, std::vector<std::unique_ptr<Running>>& running, std::size_t& most) {
  using Step = RemoteChannel::Step;
  for (std::size_t i = 0; i < running.size();) {
    Running& each = *running[i];
    bool abandoned = false;
    {
      const std::lock_guard lock(mutex_);
      abandoned = each.request->isAbandoned;
    }
    const Step step = abandoned ? Step::ended : each.channel.step();
    if (step == Step::going_on) {
      if (each.channel.isOpening() && Clock::now() - each.channel.since() > settings_.connect_timeout) {
        return false;  // it does not even answer that
      }
      ++i;
      continue;
    }
    if (step == Step::failed && !session.isUp()) return false;
    if (step == Step::refused && running.size() > 1) {  // it has said how many it allows
      most = running.size() - 1;
      const std::lock_guard lock(mutex_);
      queue_.push_front(each.request);
    } else if (!abandoned) {
      finish(*each.request, [&](Request& request) {
        if (step == Step::ended) request.finished = std::move(each.channel.finished());
        if (step == Step::failed)
          request.fail(Code::unavailable, "a command on " + name_ + ": " + each.channel.trouble());
        if (step == Step::refused) request.fail(Code::unavailable, name_ + " opens no channel");
        if (step == Step::too_much) {
          request.fail(Code::exhausted, "the command on " + name_ + " wrote more than " +
                                            std::to_string(request.command.max_output) +
                                            " bytes, which is the limit here");
        }
      });
    }
    running.erase(running.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return true;
}

void Connection::finish(Request& request, const std::function<void(Request&)>& fill) {
  {
    const std::lock_guard lock(mutex_);
    fill(request);
    request.isDone = true;
  }
  changed_.notify_all();
}

void Connection::failAll(const std::string& why) {
  std::deque<RequestPtr> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting.swap(queue_);
  }
  for (const RequestPtr& each : waiting) {
    finish(*each, [&](Request& request) { request.fail(Code::unavailable, why); });
  }
}

}  // namespace testarena::ssh
