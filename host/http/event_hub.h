// SPDX-License-Identifier: Apache-2.0
// Live event streams (text/event-stream) for any number of viewers on one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace testarena::http {

struct Counters;
struct Topic;

/// One event as it is published.
struct Event {
  std::string topic;           ///< who gets it: the viewers of this topic
  std::string name;            ///< `event:` of the stream: "job", "log", "deleted"
  std::string data;            ///< one text, JSON as a rule; line breaks in it become several `data:` lines
  std::string coalesce_key;    ///< a pending event of the topic with the same key is replaced by this one; empty: never
  std::uint64_t revision = 0;  ///< the data's revision after the change; 0: not known. See Snapshot::revision
};

/// The complete state that a stream starts with.
struct Snapshot {
  struct Item {
    std::string name = "snapshot";
    std::string data;
  };
  std::vector<Item> events;
  /// The revision of the data that the snapshot shows: events of this revision and older are not sent after it, so that
  /// nothing a viewer sees goes back. 0: not known, then everything published since the stream was registered follows.
  std::uint64_t revision = 0;
};

/// What a handler returns to make its answer a stream (Response::setStream).
struct Stream {
  std::vector<std::string> topics;  ///< 1 to 8
  std::string last_event_id;        ///< the request's Last-Event-ID, or empty
  /// Computes the current state. Called on the worker's thread, after the stream is registered, so that no change is
  /// lost between the two; not called when a resume from `last_event_id` can be served from memory. What it throws
  /// becomes an ordinary problem answer. May be called more than once.
  std::function<Snapshot()> snapshot;
  std::string tag;  ///< closeTagged() ends all streams of a tag: the session's id
  /// Called about every 60 s on a thread of the hub; false ends the stream. Empty: not asked. What it throws counts as
  /// true: an authenticator that is down logs nobody out.
  std::function<bool()> still_allowed;
};

struct EventHubOptions {
  std::chrono::milliseconds heartbeat{15'000};  ///< a comment after this much silence
  std::chrono::milliseconds recheck{60'000};    ///< how often still_allowed is asked
  std::chrono::milliseconds stall{30'000};      ///< a viewer that takes nothing for this long is cut
  std::chrono::milliseconds retry_min{1'000};   ///< browsers reconnect after a random time between these two
  std::chrono::milliseconds retry_max{10'000};
  std::chrono::milliseconds topic_memory{30'000};  ///< a topic that nobody views is forgotten after this much silence
  std::size_t ring_events = 256;         ///< per topic: how many events a lagging or returning viewer can be behind
  std::size_t ring_bytes = 1024 * 1024;  ///< and how many bytes
};

/// Delivers events to viewers, in the order of publishing, each viewer at its own speed.
///
/// The story: a handler answers with a Stream; the server registers it (begin), computes the snapshot and hands the
/// socket over (adopt). From then on the hub's thread owns the socket: it sends what is published to the stream's
/// topics, a comment when nothing is, and closes it when the viewer goes away, lags, loses its right, or the hub stops.
/// Events are kept once per topic in a ring; a viewer is a position in it, so one that is up to date costs no buffer.
/// Ids are `<boot>-<sequence>`: a browser that reconnects to the same process within the ring gets only what it missed.
///
/// All operations may be called from any thread.
class EventHub {
 public:
  explicit EventHub(EventHubOptions options = {}, Counters* counters = nullptr);
  /// Stops first.
  ~EventHub();
  EventHub(const EventHub&) = delete;
  EventHub& operator=(const EventHub&) = delete;

  /// Hands an event to every viewer of its topic. Returns at once; never blocks on a viewer. Publish after the change
  /// is durable.
  void publish(Event event);
  void publish(std::string topic, std::string name, std::string data, std::string coalesce_key = {}) {
    publish(Event{std::move(topic), std::move(name), std::move(data), std::move(coalesce_key), 0});
  }

  /// Ends all streams with this tag, within a second. Also those that are being opened.
  void closeTagged(std::string_view tag);

  /// Closes every stream and ends the threads. Later publishes are ignored, later streams closed at once. May be called
  /// twice.
  void stop();

  /// How many streams are open.
  std::size_t viewers() const;

  // For the server.

  /// A stream that is registered but has no socket yet.
  struct Opening {
    Stream stream;
    std::vector<std::shared_ptr<Topic>> topics;  ///< held, so that nothing of them is forgotten meanwhile
    std::uint64_t next = 0;                      ///< the first sequence number it has not seen
    std::uint64_t revision = 0;                  ///< events of this revision and older are in the snapshot
    std::uint64_t closings = 0;                  ///< how many times closeTagged had been called when it was registered
    std::string first_bytes;  ///< what is sent after the head: `retry:`, then the snapshot unless it is a resume
  };
  /// Registers and computes what the stream starts with. Throws what the snapshot function throws, Denied when
  /// `still_allowed` says no already, Invalid for a stream without topics.
  Opening begin(Stream stream);
  /// Takes over the socket: `head` and `first_bytes` are sent first. The descriptor belongs to the hub from now on,
  /// whatever happens.
  void adopt(int descriptor, std::string head, Opening opening);

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace testarena::http
