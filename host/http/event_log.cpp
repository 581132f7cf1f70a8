// SPDX-License-Identifier: Apache-2.0
#include "event_log.h"

#include <algorithm>
#include <charconv>

#include <testarena/error.h>

#include "request_id.h"

namespace testarena::http {
namespace {

/// A topic that nobody views keeps this much for those who are between two connections.
constexpr std::size_t kUnviewedEvents = 32;
/// Between two trims a ring may be so many times as long as it should be.
constexpr std::size_t kBurst = 16;

bool readNumber(std::string_view text, std::uint64_t& number) {
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::string eventText(std::string_view id, std::string_view name, std::string_view data) {
  if (name.find_first_of("\r\n") != std::string_view::npos) throw Invalid("the name of an event holds a line break");
  std::string text;
  text.reserve(id.size() + name.size() + data.size() + 32);
  if (!id.empty()) text.append("id: ").append(id).append("\n");
  if (!name.empty()) text.append("event: ").append(name).append("\n");
  for (;;) {
    std::size_t end = data.find_first_of("\r\n");
    text.append("data: ").append(data.substr(0, end)).append("\n");
    if (end == std::string_view::npos) break;
    data.remove_prefix(end + (data.substr(end, 2) == "\r\n" ? 2 : 1));
  }
  return text + "\n";
}

EventLog::EventLog(const EventHubOptions& options) : options_(options), boot_(newRequestId()) {}

EventLog::TopicPtr EventLog::topic(const std::string& name, Time now) {
  TopicPtr& topic = topics_[name];
  if (!topic) {
    topic = std::make_shared<Topic>();
    topic->lost_before = forgotten_before_;
    topic->last_published = now;
  }
  return topic;
}

EventLog::TopicPtr EventLog::publish(Event event, Time now) {
  auto logged = std::make_shared<LoggedEvent>();
  logged->sequence = next_;
  logged->revision = event.revision;
  logged->key = std::move(event.coalesce_key);
  logged->bytes = eventText(id({next_ + 1, 0}), event.name, event.data);
  ++next_;

  TopicPtr topic = this->topic(event.topic, now);
  topic->last_published = now;
  if (!logged->key.empty()) {
    auto [latest, first] = topic->latest.emplace(logged->key, logged->sequence);
    if (!first) {
      auto replaced = topic->ring.find(latest->second);
      topic->bytes -= replaced->second->bytes.size();
      topic->ring.erase(replaced);
      latest->second = logged->sequence;
    }
  }
  topic->bytes += logged->bytes.size();
  topic->ring.emplace_hint(topic->ring.end(), logged->sequence, std::move(logged));
  bool viewed = topic.use_count() > 2;
  if (viewed)
    shorten(*topic, kBurst * options_.ring_events, kBurst * options_.ring_bytes);
  else
    shorten(*topic, std::min(options_.ring_events, kUnviewedEvents), options_.ring_bytes);
  return topic;
}

void EventLog::trim(Topic& topic) const {
  shorten(topic, options_.ring_events, options_.ring_bytes);
}

void EventLog::shorten(Topic& topic, std::size_t events, std::size_t bytes) {
  while (topic.ring.size() > events || (topic.bytes > bytes && topic.ring.size() > 1)) {
    const LoggedEvent& oldest = *topic.ring.begin()->second;
    topic.lost_before = oldest.sequence + 1;
    topic.bytes -= oldest.bytes.size();
    if (!oldest.key.empty()) topic.latest.erase(oldest.key);
    topic.ring.erase(topic.ring.begin());
  }
}

bool EventLog::lags(const std::vector<TopicPtr>& topics, const Position& position) {
  return std::any_of(topics.begin(), topics.end(),
                     [&](const TopicPtr& topic) { return topic->lost_before > position.next; });
}

bool EventLog::collect(const std::vector<TopicPtr>& topics, Position& position, Events& events) const {
  if (lags(topics, position)) return false;
  auto begin = static_cast<std::ptrdiff_t>(events.size());
  for (const TopicPtr& topic : topics) {
    for (auto at = topic->ring.lower_bound(position.next); at != topic->ring.end(); ++at) {
      bool in_snapshot = at->second->revision != 0 && at->second->revision <= position.revision;
      if (!in_snapshot) events.push_back(at->second);
    }
  }
  if (topics.size() > 1)
    std::sort(events.begin() + begin, events.end(),
              [](const auto& a, const auto& b) { return a->sequence < b->sequence; });
  position.next = next_;
  return true;
}

std::string EventLog::id(const Position& position) const {
  std::string text = boot_ + "-" + std::to_string(position.next - 1);
  return position.revision == 0 ? text : text + "." + std::to_string(position.revision);
}

std::optional<Position> EventLog::resume(std::string_view last_event_id, const std::vector<TopicPtr>& topics) const {
  if (last_event_id.size() <= boot_.size() || last_event_id.substr(0, boot_.size()) != boot_ ||
      last_event_id[boot_.size()] != '-')
    return std::nullopt;
  std::string_view rest = last_event_id.substr(boot_.size() + 1);
  std::size_t dot = rest.find('.');
  std::uint64_t seen = 0;
  Position position;
  if (!readNumber(rest.substr(0, dot), seen) || seen >= next_) return std::nullopt;
  if (dot != std::string_view::npos && !readNumber(rest.substr(dot + 1), position.revision)) return std::nullopt;
  position.next = seen + 1;
  if (lags(topics, position)) return std::nullopt;
  return position;
}

void EventLog::forgetSilent(Time now) {
  for (auto at = topics_.begin(); at != topics_.end();) {
    const Topic& topic = *at->second;
    if (at->second.use_count() > 1 || now - topic.last_published < options_.topic_memory) {
      ++at;
      continue;
    }
    if (!topic.ring.empty()) forgotten_before_ = std::max(forgotten_before_, topic.ring.rbegin()->first + 1);
    forgotten_before_ = std::max(forgotten_before_, topic.lost_before);
    at = topics_.erase(at);
  }
}

}  // namespace testarena::http
