// SPDX-License-Identifier: Apache-2.0
#include "event_hub.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <random>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <thread>
#include <unordered_map>

#include <testarena/error.h>

#include "counters.h"
#include "descriptor.h"
#include "event_log.h"

namespace testarena::http {

using Time = std::chrono::steady_clock::time_point;
using std::chrono::milliseconds;

/// An open stream. About 300 bytes while it is up to date.
struct Viewer {
  std::uint64_t number = 0;
  Descriptor socket;
  std::vector<EventLog::TopicPtr> topics;
  Position position;
  std::string unsent;  ///< the rest of what the kernel did not take; empty while up to date
  std::string tag;
  std::function<bool()> still_allowed;
  Time last_sent;
  Time last_progress;  ///< of what is unsent
  Time next_check;
  std::uint64_t round = 0;  ///< the last round in which it was sent to
  bool ends = false;        ///< to be closed at the end of the round
};

namespace {

constexpr std::size_t kEvents = 512;
constexpr std::size_t kMostTopics = 8;
constexpr std::size_t kPartsPerSend = 64;
constexpr std::string_view kHeartbeat = ":\n\n";
constexpr milliseconds kClosedTagMemory{120'000};

milliseconds tickFor(const EventHubOptions& options) {
  milliseconds shortest = std::min({options.heartbeat, options.recheck, options.stall});
  return std::clamp(shortest / 8, milliseconds(5), milliseconds(1000));
}

}  // namespace

/// The hub's thread and what it shares with those who publish.
class EventHub::Loop {
 public:
  Loop(EventHubOptions options, Counters& counters)
      : options_(options),
        tick_(tickFor(options)),
        counters_(counters),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
        log_(options) {
    if (!epoll_ || !wake_) throw Unavailable(std::string("cannot make the event loop: ") + std::strerror(errno));
    epoll_event event{};
    event.events = EPOLLIN;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event);
    thread_ = std::thread([this] { run(); });
    checker_ = std::thread([this] { runChecks(); });
  }
  ~Loop() { stop(); }

  void publish(Event event) {
    std::lock_guard lock(mutex_);
    if (stopping_) return;
    EventLog::TopicPtr topic = log_.publish(std::move(event), std::chrono::steady_clock::now());
    counters_.events_published.fetch_add(1, std::memory_order_relaxed);
    if (std::exchange(topic->changed, true)) return;
    changed_.push_back(std::move(topic));
    wake();
  }

  void closeTagged(std::string_view tag) {
    std::lock_guard lock(mutex_);
    closed_tags_.insert_or_assign(std::string(tag), ClosedTag{++closings_, std::chrono::steady_clock::now()});
    tags_to_close_.emplace_back(tag);
    wake();
  }

  Opening begin(Stream stream) {
    if (stream.topics.empty() || stream.topics.size() > kMostTopics) throw Invalid("an event stream has 1 to 8 topics");
    Opening opening;
    opening.stream = std::move(stream);
    std::optional<Position> resumed;
    {
      std::lock_guard lock(mutex_);
      opening.closings = closings_;
      Time now = std::chrono::steady_clock::now();
      for (const std::string& name : opening.stream.topics) opening.topics.push_back(log_.topic(name, now));
      resumed = log_.resume(opening.stream.last_event_id, opening.topics);
      opening.next = resumed ? resumed->next : log_.next();
    }
    // Only now: who is closed after the count was taken is seen by adopt, who was closed before is seen here.
    if (opening.stream.still_allowed && !opening.stream.still_allowed())
      throw Denied("the session of this event stream has ended");
    opening.first_bytes = "retry: " + std::to_string(retryTime()) + "\n\n";
    if (resumed) {
      opening.revision = resumed->revision;
    } else if (opening.stream.snapshot) {
      Snapshot snapshot = opening.stream.snapshot();
      opening.revision = snapshot.revision;
      // The id stands on the last one alone: a viewer that is cut off in between has not seen the state.
      std::string id = log_.id({opening.next, snapshot.revision});
      for (const Snapshot::Item& item : snapshot.events) {
        bool last = &item == &snapshot.events.back();
        opening.first_bytes += eventText(last ? std::string_view(id) : std::string_view{}, item.name, item.data);
      }
    }
    opening.stream.snapshot = nullptr;
    return opening;
  }

  void adopt(int descriptor, std::string head, Opening opening) {
    auto viewer = std::make_unique<Viewer>();
    viewer->socket = Descriptor(descriptor);
    viewer->position = {opening.next, opening.revision};
    viewer->unsent = std::move(head) + opening.first_bytes;
    viewer->tag = std::move(opening.stream.tag);
    viewer->still_allowed = std::move(opening.stream.still_allowed);
    std::lock_guard lock(mutex_);
    auto closed = closed_tags_.find(viewer->tag);
    bool closed_since = closed != closed_tags_.end() && closed->second.closings > opening.closings;
    if (stopping_ || closed_since) return;  // The descriptor is closed with the viewer.
    viewer->topics = std::move(opening.topics);
    arrived_.push_back(std::move(viewer));
    wake();
  }

  std::size_t viewers() const { return open_.load(std::memory_order_relaxed); }

  void stop() {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
      wake();
    }
    {
      std::lock_guard lock(check_mutex_);
      checks_end_ = true;
      check_wake_.notify_all();
    }
    std::lock_guard lock(stop_mutex_);
    if (thread_.joinable()) thread_.join();
    if (checker_.joinable()) checker_.join();
  }

 private:
  struct ClosedTag {
    std::uint64_t closings;
    Time at;
  };
  struct Check {
    std::uint64_t viewer;
    std::function<bool()> still_allowed;
  };

  long long retryTime() const {
    thread_local std::minstd_rand random{std::random_device{}()};
    return std::uniform_int_distribution<long long>(options_.retry_min.count(),
                                                    std::max(options_.retry_min, options_.retry_max).count())(random);
  }

  /// With mutex_ held.
  void wake() {
    if (std::exchange(awake_, true)) return;
    std::uint64_t one = 1;
    [[maybe_unused]] ssize_t written = ::write(wake_.get(), &one, sizeof one);
  }

  void run() {
    next_tick_ = std::chrono::steady_clock::now() + tick_;
    next_forget_ = next_tick_ + options_.topic_memory / 4;
    std::vector<epoll_event> events(kEvents);
    for (;;) {
      auto left = std::chrono::ceil<milliseconds>(next_tick_ - std::chrono::steady_clock::now()).count();
      bool idle = viewers_.empty();
      int patience =
          idle ? static_cast<int>(options_.topic_memory.count()) : static_cast<int>(std::max<decltype(left)>(left, 0));
      int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), patience);
      now_ = std::chrono::steady_clock::now();
      ++round_;
      bool called = false;
      for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        if (event.data.ptr == nullptr)
          called = true;
        else
          onEvent(*static_cast<Viewer*>(event.data.ptr), event.events);
      }
      if (called && !takeRequests()) break;
      if (now_ >= next_tick_) tick();
      sweep();
    }
    closeAll();
  }

  /// Takes what others have asked for. False: to stop.
  bool takeRequests() {
    std::vector<EventLog::TopicPtr> changed;
    std::vector<std::unique_ptr<Viewer>> arrived;
    std::vector<std::string> tags;
    std::vector<std::uint64_t> ended;
    {
      std::lock_guard lock(mutex_);
      std::uint64_t count = 0;
      [[maybe_unused]] ssize_t got = ::read(wake_.get(), &count, sizeof count);
      awake_ = false;
      if (stopping_) return false;
      changed.swap(changed_);
      arrived.swap(arrived_);
      tags.swap(tags_to_close_);
      ended.swap(not_allowed_);
      for (const EventLog::TopicPtr& topic : changed) topic->changed = false;
    }
    for (std::unique_ptr<Viewer>& viewer : arrived) open(std::move(viewer));
    for (const EventLog::TopicPtr& topic : changed)
      for (Viewer* viewer : topic->viewers)
        if (viewer->round != round_) sendWaiting(*viewer);
    if (!changed.empty()) {
      std::lock_guard lock(mutex_);
      for (const EventLog::TopicPtr& topic : changed) log_.trim(*topic);
    }
    if (!tags.empty()) {
      for (auto& [number, viewer] : viewers_)
        if (std::find(tags.begin(), tags.end(), viewer->tag) != tags.end()) end(*viewer);
    }
    for (std::uint64_t number : ended)
      if (auto found = viewers_.find(number); found != viewers_.end()) end(*found->second);
    return true;
  }

  void open(std::unique_ptr<Viewer> arrived) {
    Viewer& viewer = *arrived;
    viewer.number = ++last_number_;
    viewer.last_sent = viewer.last_progress = now_;
    viewer.next_check = now_ + options_.recheck;
    for (const EventLog::TopicPtr& topic : viewer.topics) topic->viewers.push_back(&viewer);
    viewers_.emplace(viewer.number, std::move(arrived));
    open_.fetch_add(1, std::memory_order_relaxed);
    counters_.viewers.fetch_add(1, std::memory_order_relaxed);
    // Both directions, edge-triggered, once for all: a viewer that stalls and comes back costs no call to epoll.
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.ptr = &viewer;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, viewer.socket.get(), &event) != 0) return end(viewer);
    sendWaiting(viewer);
  }

  void onEvent(Viewer& viewer, std::uint32_t events) {
    if (viewer.ends) return;
    if ((events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP)) != 0) return end(viewer);
    if ((events & EPOLLIN) != 0 && !discardInput(viewer)) return end(viewer);
    if ((events & EPOLLOUT) != 0 && !viewer.unsent.empty()) sendWaiting(viewer);
  }

  /// A viewer has nothing to say. False: it is gone, or says a lot.
  static bool discardInput(const Viewer& viewer) {
    std::array<char, 4096> ignored;
    ssize_t size = ::recv(viewer.socket.get(), ignored.data(), ignored.size(), 0);
    if (size < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return size > 0 && static_cast<std::size_t>(size) < ignored.size();
  }

  /// Sends what the viewer has not seen, all that waits in one call, until it is up to date or takes no more.
  void sendWaiting(Viewer& viewer) {
    viewer.round = round_;
    while (!viewer.ends) {
      if (!viewer.unsent.empty() && !sendRest(viewer)) return cutIfLagging(viewer);
      events_.clear();
      {
        std::lock_guard lock(mutex_);
        if (!log_.collect(viewer.topics, viewer.position, events_)) return cut(viewer);
      }
      if (events_.empty()) return;
      for (std::size_t from = 0; from < events_.size() && !viewer.ends; from += kPartsPerSend)
        sendEvents(viewer, from, std::min(events_.size(), from + kPartsPerSend));
    }
  }

  /// Sends events_[from, to), or keeps the bytes if others wait before them.
  void sendEvents(Viewer& viewer, std::size_t from, std::size_t to) {
    std::size_t sent = 0;
    if (viewer.unsent.empty()) {
      std::array<iovec, kPartsPerSend> parts;
      std::size_t count = 0;
      for (std::size_t i = from; i < to; ++i)
        parts.at(count++) = {const_cast<char*>(events_[i]->bytes.data()), events_[i]->bytes.size()};
      msghdr message{};
      message.msg_iov = parts.data();
      message.msg_iovlen = count;
      ssize_t result = ::sendmsg(viewer.socket.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (result < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) return end(viewer);
      sent = result > 0 ? static_cast<std::size_t>(result) : 0;
      viewer.last_sent = viewer.last_progress = now_;
    }
    counters_.events_sent.fetch_add(to - from, std::memory_order_relaxed);
    for (std::size_t i = from; i < to; ++i) {
      const std::string& bytes = events_[i]->bytes;
      std::size_t skip = std::min(sent, bytes.size());
      viewer.unsent.append(bytes, skip);
      sent -= skip;
    }
  }

  /// True when nothing is left.
  bool sendRest(Viewer& viewer) {
    while (!viewer.unsent.empty()) {
      ssize_t sent =
          ::send(viewer.socket.get(), viewer.unsent.data(), viewer.unsent.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0) {
        if (errno != EAGAIN && errno != EWOULDBLOCK) end(viewer);
        return false;
      }
      viewer.last_sent = viewer.last_progress = now_;
      if (static_cast<std::size_t>(sent) == viewer.unsent.size())
        std::string().swap(viewer.unsent);  // clear() would keep the memory, times ten thousand
      else
        viewer.unsent.erase(0, static_cast<std::size_t>(sent));
    }
    return true;
  }

  void tick() {
    next_tick_ = now_ + tick_;
    std::vector<Check> checks;
    for (auto& [number, owner] : viewers_) {
      Viewer& viewer = *owner;
      if (!viewer.unsent.empty() && now_ - viewer.last_progress > options_.stall) {
        cut(viewer);
      } else if (viewer.unsent.empty() && now_ - viewer.last_sent >= options_.heartbeat) {
        viewer.unsent = kHeartbeat;
        sendRest(viewer);
      }
      if (viewer.still_allowed && !viewer.ends && now_ >= viewer.next_check) {
        viewer.next_check = now_ + options_.recheck;
        checks.push_back({number, viewer.still_allowed});
      }
    }
    if (!checks.empty()) {
      std::lock_guard lock(check_mutex_);
      // A check that takes long must not pile up others behind it.
      if (checks_.size() < viewers_.size()) std::move(checks.begin(), checks.end(), std::back_inserter(checks_));
      check_wake_.notify_all();
    }
    if (now_ < next_forget_) return;
    next_forget_ = now_ + options_.topic_memory / 4;
    std::lock_guard lock(mutex_);
    log_.forgetSilent(now_);
    for (auto at = closed_tags_.begin(); at != closed_tags_.end();)
      at = now_ - at->second.at > kClosedTagMemory ? closed_tags_.erase(at) : std::next(at);
  }

  void cutIfLagging(Viewer& viewer) {
    std::lock_guard lock(mutex_);
    if (EventLog::lags(viewer.topics, viewer.position)) cut(viewer);
  }

  /// It is too slow. It will come back and get a snapshot.
  void cut(Viewer& viewer) {
    if (viewer.ends) return;
    counters_.viewers_cut.fetch_add(1, std::memory_order_relaxed);
    end(viewer);
  }

  void end(Viewer& viewer) {
    if (std::exchange(viewer.ends, true)) return;
    // See ConnectionLoop::close: somebody else may hold the socket longer than we do.
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, viewer.socket.get(), nullptr);
    ended_.push_back(viewer.number);
  }

  void sweep() {
    for (std::uint64_t number : ended_) {
      auto found = viewers_.find(number);
      for (const EventLog::TopicPtr& topic : found->second->topics) {
        auto place = std::find(topic->viewers.begin(), topic->viewers.end(), found->second.get());
        *place = topic->viewers.back();
        topic->viewers.pop_back();
      }
      viewers_.erase(found);
      open_.fetch_sub(1, std::memory_order_relaxed);
      counters_.viewers.fetch_sub(1, std::memory_order_relaxed);
    }
    ended_.clear();
  }

  void closeAll() {
    for (auto& [number, viewer] : viewers_) end(*viewer);
    sweep();
    std::lock_guard lock(mutex_);
    arrived_.clear();
  }

  /// The thread that asks whether streams are still allowed: a storage or directory may be slow to say.
  void runChecks() {
    std::unique_lock lock(check_mutex_);
    for (;;) {
      check_wake_.wait(lock, [&] { return checks_end_ || !checks_.empty(); });
      if (checks_end_) return;
      Check check = std::move(checks_.front());
      checks_.pop_front();
      lock.unlock();
      if (!allowed(check)) {
        std::lock_guard loop_lock(mutex_);
        not_allowed_.push_back(check.viewer);
        wake();
      }
      lock.lock();
    }
  }

  static bool allowed(const Check& check) {
    try {
      return check.still_allowed();
    } catch (...) {
      return true;  // Nobody said no.
    }
  }

  const EventHubOptions options_;
  const milliseconds tick_;
  Counters& counters_;
  Descriptor epoll_;
  Descriptor wake_;
  std::atomic<std::size_t> open_{0};

  // The hub's thread only.
  std::unordered_map<std::uint64_t, std::unique_ptr<Viewer>> viewers_;
  std::vector<std::uint64_t> ended_;
  EventLog::Events events_;
  std::uint64_t last_number_ = 0;
  std::uint64_t round_ = 0;
  Time now_;
  Time next_tick_;
  Time next_forget_;

  std::mutex mutex_;
  // Protected by mutex_.
  EventLog log_;
  std::vector<EventLog::TopicPtr> changed_;
  std::vector<std::unique_ptr<Viewer>> arrived_;
  std::vector<std::string> tags_to_close_;
  std::vector<std::uint64_t> not_allowed_;
  std::unordered_map<std::string, ClosedTag> closed_tags_;
  std::uint64_t closings_ = 0;
  bool awake_ = false;
  bool stopping_ = false;

  std::mutex check_mutex_;
  // Protected by check_mutex_.
  std::deque<Check> checks_;
  bool checks_end_ = false;
  std::condition_variable check_wake_;

  std::mutex stop_mutex_;
  std::thread thread_;
  std::thread checker_;
};

namespace {
Counters& ownCounters() {
  static Counters counters;  // of hubs that nobody measures
  return counters;
}
}  // namespace

EventHub::EventHub(EventHubOptions options, Counters* counters)
    : loop_(std::make_unique<Loop>(options, counters != nullptr ? *counters : ownCounters())) {}
EventHub::~EventHub() = default;
void EventHub::publish(Event event) {
  loop_->publish(std::move(event));
}
void EventHub::closeTagged(std::string_view tag) {
  loop_->closeTagged(tag);
}
void EventHub::stop() {
  loop_->stop();
}
std::size_t EventHub::viewers() const {
  return loop_->viewers();
}
EventHub::Opening EventHub::begin(Stream stream) {
  return loop_->begin(std::move(stream));
}
void EventHub::adopt(int descriptor, std::string head, Opening opening) {
  loop_->adopt(descriptor, std::move(head), std::move(opening));
}

}  // namespace testarena::http
