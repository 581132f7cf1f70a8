// SPDX-License-Identifier: Apache-2.0
#include "event_log.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/error.h>

namespace testarena::http::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class EventLogTest : public testing::Test {
 protected:
  void publish(const std::string& topic, const std::string& data, const std::string& key = {},
               std::uint64_t revision = 0) {
    log_.trim(*log_.publish({topic, "e", data, key, revision}, now_));
  }
  std::vector<EventLog::TopicPtr> topics(const std::vector<std::string>& names) {
    std::vector<EventLog::TopicPtr> found;
    for (const std::string& name : names) found.push_back(log_.topic(name, now_));
    return found;
  }
  /// The data of what a position has not seen; "lagging" if something is gone.
  std::vector<std::string> seen(Position& position, const std::vector<std::string>& names) {
    EventLog::Events events;
    if (!log_.collect(topics(names), position, events)) return {"lagging"};
    std::vector<std::string> data;
    for (const auto& event : events) {
      std::size_t begin = event->bytes.find("data: ") + 6;
      data.push_back(event->bytes.substr(begin, event->bytes.find('\n', begin) - begin));
    }
    return data;
  }

  EventHubOptions options_ = [] {
    EventHubOptions options;
    options.ring_events = 4;
    return options;
  }();
  EventLog log_{options_};
  EventLog::Time now_;
};

TEST_F(EventLogTest, deliversInOrderOverSeveralTopics) {
  Position position{log_.next(), 0};
  publish("a", "1");
  publish("b", "2");
  publish("c", "3");
  publish("a", "4");
  EXPECT_THAT(seen(position, {"b", "a"}), ElementsAre("1", "2", "4"));
  EXPECT_THAT(seen(position, {"b", "a"}), IsEmpty());
}

TEST_F(EventLogTest, aPendingEventIsReplacedByTheNewerOfItsKey) {
  Position position{log_.next(), 0};
  publish("a", "job 7 waiting", "7");
  publish("a", "job 8 waiting", "8");
  publish("a", "job 7 running", "7");
  EXPECT_THAT(seen(position, {"a"}), ElementsAre("job 8 waiting", "job 7 running"));
}

TEST_F(EventLogTest, replacedEventsDoNotCountAsLag) {
  Position position{log_.next(), 0};
  for (int i = 0; i < 100; ++i) publish("a", std::to_string(i), "same");
  EXPECT_THAT(seen(position, {"a"}), ElementsAre("99"));
}

TEST_F(EventLogTest, whoFallsBehindTheRingIsTold) {
  Position position{log_.next(), 0};
  for (int i = 0; i < 5; ++i) publish("a", std::to_string(i));
  EXPECT_THAT(seen(position, {"a"}), ElementsAre("lagging"));
}

TEST_F(EventLogTest, aBurstBetweenTwoTrimsCutsNobodyOff) {
  auto viewed = topics({"a"});
  Position position{log_.next(), 0};
  for (int i = 0; i < 60; ++i) log_.publish({"a", "e", std::to_string(i), "", 0}, now_);
  EventLog::Events events;
  EXPECT_TRUE(log_.collect(viewed, position, events));
  EXPECT_EQ(events.size(), 60U);
  position.next = 1;
  for (int i = 0; i < 1000; ++i) log_.publish({"a", "e", std::to_string(i), "", 0}, now_);
  EXPECT_FALSE(log_.collect(viewed, position, events)) << "but not without bound";
}

TEST_F(EventLogTest, theRingIsBoundedInBytesToo) {
  options_.ring_bytes = 1000;
  EventLog small(options_);
  Position position{small.next(), 0};
  for (int i = 0; i < 3; ++i) small.publish({"a", "e", std::string(600, 'x'), "", 0}, now_);
  EventLog::Events events;
  small.trim(*small.topic("a", now_));
  EXPECT_FALSE(small.collect({small.topic("a", now_)}, position, events));
  Position last{small.next() - 1, 0};
  EXPECT_TRUE(small.collect({small.topic("a", now_)}, last, events));
  EXPECT_EQ(events.size(), 1U);
}

TEST_F(EventLogTest, eventsThatASnapshotShowsAreLeftOut) {
  Position position{log_.next(), 0};
  publish("a", "old", "", 5);
  position.revision = 6;
  publish("a", "in the snapshot", "", 6);
  publish("a", "new", "", 7);
  publish("a", "without revision");
  EXPECT_THAT(seen(position, {"a"}), ElementsAre("new", "without revision"));
}

TEST_F(EventLogTest, resumesAfterTheLastSeenEvent) {
  publish("a", "1");
  std::string id = log_.id({log_.next(), 0});
  publish("b", "other");
  publish("a", "2");
  auto position = log_.resume(id, topics({"a"}));
  ASSERT_TRUE(position);
  EXPECT_THAT(seen(*position, {"a"}), ElementsAre("2"));
}

TEST_F(EventLogTest, aResumeAfterASnapshotKeepsItsRevision) {
  std::string id = log_.id({log_.next(), 9});
  publish("a", "in the snapshot", "", 9);
  publish("a", "new", "", 10);
  auto position = log_.resume(id, topics({"a"}));
  ASSERT_TRUE(position);
  EXPECT_THAT(seen(*position, {"a"}), ElementsAre("new"));
}

TEST_F(EventLogTest, doesNotResumeWhatItCannotKnow) {
  publish("a", "1");
  EXPECT_FALSE(log_.resume("", topics({"a"})));
  EXPECT_FALSE(log_.resume("0123456789abcdef-1", topics({"a"}))) << "another process";
  std::string id = log_.id({log_.next(), 0});
  EXPECT_FALSE(log_.resume(id + "0", topics({"a"}))) << "a number that was not given out";
  EXPECT_FALSE(log_.resume(id + "x", topics({"a"})));
  EXPECT_FALSE(log_.resume(id.substr(0, id.size() - 1), topics({"a"})));
  EXPECT_FALSE(log_.resume(id + ".", topics({"a"})));
  for (int i = 0; i < 5; ++i) publish("a", "more");
  EXPECT_FALSE(log_.resume(id, topics({"a"}))) << "something was dropped since";
}

TEST_F(EventLogTest, silentTopicsAreForgottenAndNobodyResumesOverThem) {
  publish("a", "1");
  std::string before = log_.id({log_.next(), 0});
  publish("a", "2");
  std::string after = log_.id({log_.next(), 0});
  now_ += options_.topic_memory + std::chrono::seconds(1);
  log_.forgetSilent(now_);
  EXPECT_EQ(log_.topics(), 0U);
  EXPECT_FALSE(log_.resume(before, topics({"a"})));
  EXPECT_TRUE(log_.resume(after, topics({"a"})));
}

TEST_F(EventLogTest, viewedTopicsAreNotForgotten) {
  publish("a", "1");
  auto held = topics({"a"});
  now_ += options_.topic_memory + std::chrono::seconds(1);
  log_.forgetSilent(now_);
  EXPECT_EQ(log_.topics(), 1U);
}

TEST(EventText, everyLineOfTheDataIsADataLine) {
  EXPECT_EQ(eventText("i-1", "job", "a\nb\r\nc\rd"), "id: i-1\nevent: job\ndata: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(eventText("", "", ""), "data: \n\n");
  EXPECT_EQ(eventText("", "e", "x\n"), "event: e\ndata: x\ndata: \n\n");
}

TEST(EventText, aNameCannotAddLines) {
  EXPECT_THROW(eventText("", "job\ndata: forged", ""), Invalid);
  EXPECT_THROW(eventText("", "job\rdata: forged", ""), Invalid);
}

}  // namespace
}  // namespace testarena::http::test
