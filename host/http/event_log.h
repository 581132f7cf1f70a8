// SPDX-License-Identifier: Apache-2.0
// The last events of every topic, in the form in which they are sent.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "event_hub.h"

namespace testarena::http {

struct Viewer;

/// One published event. The bytes are the same for all viewers.
struct LoggedEvent {
  std::uint64_t sequence = 0;
  std::uint64_t revision = 0;
  std::string key;
  std::string bytes;
};

/// A topic: its ring of events, and (for the hub's thread) who views it.
struct Topic {
  std::map<std::uint64_t, std::shared_ptr<const LoggedEvent>>
      ring;  ///< by sequence; an event that was replaced is not there any more
  std::unordered_map<std::string, std::uint64_t> latest;  ///< of each coalesce key in the ring
  std::size_t bytes = 0;
  std::uint64_t lost_before = 0;  ///< events below this number may be missing from the ring
  std::chrono::steady_clock::time_point last_published;
  bool changed = false;  ///< in the hub's list of topics to send

  std::vector<Viewer*> viewers;  ///< the hub's thread only; all else is guarded by the hub
};

/// Where a viewer is in the log.
struct Position {
  std::uint64_t next = 1;      ///< the first sequence number it has not seen
  std::uint64_t revision = 0;  ///< events up to this revision are in its snapshot
};

/// All topics, with one sequence of numbers over all of them, so that a viewer of several topics sees one order. Not
/// thread-safe: the hub guards it.
class EventLog {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using TopicPtr = std::shared_ptr<Topic>;
  using Events = std::vector<std::shared_ptr<const LoggedEvent>>;

  explicit EventLog(const EventHubOptions& options);

  /// The number that the next event will get.
  std::uint64_t next() const { return next_; }

  /// The topic of that name; it is made if it is not there.
  TopicPtr topic(const std::string& name, Time now);

  /// Adds an event, takes out the one that it replaces, and returns its topic. Throws Invalid for a name with a line
  /// break.
  TopicPtr publish(Event event, Time now);

  /// Appends what `position` has not seen of these topics, in order, and moves it to the end. False if something it has
  /// not seen is not kept any more.
  bool collect(const std::vector<TopicPtr>& topics, Position& position, Events& events) const;

  /// True if something that `position` has not seen is not kept any more.
  static bool lags(const std::vector<TopicPtr>& topics, const Position& position);

  /// The `id:` that stands for everything before `next`, with what is in the snapshot.
  std::string id(const Position& position) const;
  /// Where a viewer goes on that has seen `last_event_id`; nothing if the id is not of this process or something was
  /// lost since.
  std::optional<Position> resume(std::string_view last_event_id, const std::vector<TopicPtr>& topics) const;

  /// Cuts a topic's ring to its bounds. To be called when everybody who can has seen its newest events: publishing
  /// alone lets the ring grow to a multiple of them, so that a burst that comes faster than the hub's thread wakes cuts
  /// nobody off.
  void trim(Topic& topic) const;

  /// Drops topics that nobody holds and that have been silent for long.
  void forgetSilent(Time now);
  std::size_t topics() const { return topics_.size(); }

 private:
  static void shorten(Topic& topic, std::size_t events, std::size_t bytes);

  const EventHubOptions options_;
  const std::string boot_;  ///< numbers of another process mean nothing here
  std::uint64_t next_ = 1;
  std::uint64_t forgotten_before_ = 0;  ///< topics that were dropped had events below this number
  std::unordered_map<std::string, TopicPtr> topics_;
};

/// One event as text: "id", "event" and "data" lines and an empty line. `id` may be empty. Throws Invalid if the name
/// holds a line break.
std::string eventText(std::string_view id, std::string_view name, std::string_view data);

}  // namespace testarena::http
