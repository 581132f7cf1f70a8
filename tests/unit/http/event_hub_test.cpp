// SPDX-License-Identifier: Apache-2.0
#include "event_hub.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <testarena/error.h>

#include "client.h"
#include "counters.h"
#include "server.h"

namespace testarena::http::test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

/// A real server whose every path is a stream of the topic of that name.
class EventHubTest : public testing::Test {
 protected:
  void start(EventHubOptions options = {}) {
    hub_ = std::make_unique<EventHub>(options, &counters_);
    ServerCallbacks callbacks;
    callbacks.handler = [this](const Request& request) {
      Stream stream;
      for (const std::string& topic : request.segments()) stream.topics.push_back(topic);
      stream.last_event_id = request.header("last-event-id").value_or("");
      stream.tag = request.query("session").value_or("");
      stream.snapshot = snapshot_;
      stream.still_allowed = still_allowed_;
      Response response;
      response.setStream(std::move(stream));
      return response;
    };
    server_ = std::make_unique<Server>(ServerOptions{}, std::move(callbacks), hub_.get(), &counters_);
    server_->start();
  }
  Client view(std::string_view target, std::string_view last_event_id = {}, int receive_buffer = 0) {
    Client client(server_->port(), receive_buffer);
    std::string request = "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n";
    if (!last_event_id.empty()) request += "Last-Event-ID: " + std::string(last_event_id) + "\r\n";
    client.send(request + "\r\n");
    return client;
  }
  /// A viewer that has its snapshot and is waiting for events.
  Client viewing(std::string_view target) {
    std::size_t before = hub_->viewers();
    Client client = view(target);
    EXPECT_TRUE(client.waitFor("the state"));
    EXPECT_TRUE(eventually([&] { return hub_->viewers() > before; }));
    client.forget();
    return client;
  }
  static std::string lastId(const std::string& stream) {
    std::size_t begin = stream.rfind("id: ") + 4;
    return stream.substr(begin, stream.find('\n', begin) - begin);
  }

  std::function<Snapshot()> snapshot_ = [] { return Snapshot{{{"snapshot", "the state"}}, 0}; };
  std::function<bool()> still_allowed_;
  Counters counters_;
  std::unique_ptr<EventHub> hub_;
  std::unique_ptr<Server> server_;
};

TEST_F(EventHubTest, aStreamStartsWithTheSnapshotAndGoesOnWithChanges) {
  start();
  Client client = view("/jobs");
  ASSERT_TRUE(client.waitFor("data: the state\n\n"));
  EXPECT_THAT(client.received(), HasSubstr("Content-Type: text/event-stream"));
  EXPECT_THAT(client.received(), HasSubstr("\r\n\r\nretry: "));
  EXPECT_THAT(client.received(), HasSubstr("event: snapshot\n"));
  EXPECT_THAT(client.received(), Not(HasSubstr("Content-Length")));
  hub_->publish("other", "job", "not for this one");
  hub_->publish("jobs", "job", "{\"id\":7}");
  ASSERT_TRUE(client.waitFor("event: job\ndata: {\"id\":7}\n\n"));
  EXPECT_THAT(client.received(), Not(HasSubstr("not for this one")));
}

TEST_F(EventHubTest, whatIsPublishedWhileTheSnapshotIsMadeComesAfterIt) {
  start();
  snapshot_ = [this] {
    hub_->publish("jobs", "job", "published meanwhile");
    return Snapshot{{{"snapshot", "the state"}}, 0};
  };
  Client client = view("/jobs");
  ASSERT_TRUE(client.waitFor("published meanwhile"));
  EXPECT_LT(client.received().find("the state"), client.received().find("published meanwhile"));
}

TEST_F(EventHubTest, whatTheSnapshotShowsIsNotSentAgain) {
  start();
  snapshot_ = [this] {
    hub_->publish({"jobs", "job", "old news", "", 5});
    return Snapshot{{{"snapshot", "the state"}}, 5};
  };
  Client client = viewing("/jobs");
  hub_->publish({"jobs", "job", "real news", "", 6});
  ASSERT_TRUE(client.waitFor("real news"));
  EXPECT_THAT(client.received(), Not(HasSubstr("old news")));
}

TEST_F(EventHubTest, aResumeGetsOnlyWhatItMissed) {
  start();
  std::string id;
  {
    Client client = viewing("/jobs");
    hub_->publish("jobs", "job", "first");
    ASSERT_TRUE(client.waitFor("first\n\n"));
    id = lastId(client.received());
  }
  hub_->publish("jobs", "job", "missed");
  Client again = view("/jobs", id);
  ASSERT_TRUE(again.waitFor("missed\n\n"));
  EXPECT_THAT(again.received(), Not(HasSubstr("the state")));
  EXPECT_THAT(again.received(), Not(HasSubstr("first")));
  Client too_old = view("/jobs", "0123456789abcdef-1");
  EXPECT_TRUE(too_old.waitFor("the state"));
}

TEST_F(EventHubTest, aSnapshotThatFailsIsAnOrdinaryProblem) {
  start();
  snapshot_ = []() -> Snapshot { throw NotFound("there is no job 7"); };
  Client client = view("/jobs");
  auto answer = client.answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 404);
  EXPECT_THAT(answer->body, HasSubstr("there is no job 7"));
  EXPECT_EQ(hub_->viewers(), 0U);
}

TEST_F(EventHubTest, closesTheStreamsOfASessionAndNoOthers) {
  start();
  Client mine = viewing("/jobs?session=1");
  Client other = viewing("/jobs?session=2");
  hub_->closeTagged("1");
  EXPECT_TRUE(mine.closed(milliseconds(1000)));
  hub_->publish("jobs", "job", "still here");
  EXPECT_TRUE(other.waitFor("still here"));
}

TEST_F(EventHubTest, aStreamThatIsBeingOpenedIsClosedToo) {
  start();
  snapshot_ = [this] {
    hub_->closeTagged("1");
    return Snapshot{{{"snapshot", "the state"}}, 0};
  };
  Client client = view("/jobs?session=1");
  EXPECT_TRUE(client.closed());
  EXPECT_THAT(client.received(), Not(HasSubstr("the state")));
}

TEST_F(EventHubTest, aStreamThatIsNoLongerAllowedIsClosed) {
  EventHubOptions options;
  options.recheck = milliseconds(40);
  auto allowed = std::make_shared<std::atomic<bool>>(true);
  still_allowed_ = [allowed] { return allowed->load(); };
  start(options);
  Client client = viewing("/jobs");
  allowed->store(false);
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(view("/jobs").answer()->status, 403);
}

TEST_F(EventHubTest, aCheckThatFailsEndsNoStream) {
  EventHubOptions options;
  options.recheck = milliseconds(40);
  auto asked = std::make_shared<std::atomic<int>>(0);
  still_allowed_ = [asked]() -> bool {
    if (asked->fetch_add(1) > 0) throw Unavailable("the directory is down");
    return true;
  };
  start(options);
  Client client = viewing("/jobs");
  ASSERT_TRUE(eventually([&] { return asked->load() > 2; }));
  hub_->publish("jobs", "job", "still here");
  EXPECT_TRUE(client.waitFor("still here"));
}

TEST_F(EventHubTest, silenceIsFilledWithComments) {
  EventHubOptions options;
  options.heartbeat = milliseconds(40);
  start(options);
  Client client = viewing("/jobs");
  EXPECT_TRUE(client.waitFor(":\n\n:\n\n"));
}

TEST_F(EventHubTest, aViewerThatLagsIsCutAndTheOthersSeeAll) {
  EventHubOptions options;
  options.ring_bytes = 256 * 1024;
  start(options);
  Client lagging = view("/jobs", {}, 4096);
  ASSERT_TRUE(lagging.waitFor("the state"));
  Client reading = viewing("/jobs");
  std::string text(64 * 1024, 'x');
  for (int i = 0; counters_.viewers_cut == 0 && i < 1000; ++i) {
    std::string mark = "number " + std::to_string(i) + " ";
    hub_->publish("jobs", "log", mark + text);
    ASSERT_TRUE(reading.waitFor(mark));
    ASSERT_TRUE(reading.waitFor(text + "\n\n"));
    reading.forget();
  }
  EXPECT_EQ(counters_.viewers_cut, 1U);
  EXPECT_TRUE(lagging.closed());
}

TEST_F(EventHubTest, aViewerThatIsSlowForAWhileGetsTheNewestOfEachKey) {
  start();
  Client slow = view("/jobs", {}, 4096);
  ASSERT_TRUE(slow.waitFor("the state"));
  ASSERT_TRUE(eventually([&] { return hub_->viewers() == 1; }));
  std::string text(8 * 1024, 'x');
  for (int i = 0; i < 2000; ++i) hub_->publish("jobs", "job", std::to_string(i) + " " + text, "job-7");
  hub_->publish("jobs", "job", "the end");
  ASSERT_TRUE(slow.waitFor("the end"));
  EXPECT_THAT(slow.received(), HasSubstr("data: 1999 "));
  EXPECT_LT(counters_.events_sent, 2002U);
  EXPECT_EQ(counters_.viewers_cut, 0U);
}

TEST_F(EventHubTest, viewersThatGoAwayAreForgotten) {
  start();
  {
    Client client = viewing("/jobs");
    EXPECT_EQ(counters_.viewers, 1U);
  }
  EXPECT_TRUE(eventually([&] { return hub_->viewers() == 0; }));
  EXPECT_EQ(counters_.viewers, 0U);
}

TEST_F(EventHubTest, everybodySeesEveryEventInOrderWhileOthersComeAndGo) {
  EventHubOptions options;
  options.ring_events = 4096;  // nobody is cut here, however busy the machine is
  start(options);
  constexpr int kPublishers = 3;
  constexpr int kEvents = 200;
  std::vector<Client> viewers;
  for (int i = 0; i < 10; ++i) viewers.push_back(viewing("/jobs"));
  std::atomic<bool> done{false};
  std::jthread guests([&] {
    while (!done) view("/jobs").waitFor("the state");
  });
  const auto stopGuests = std::shared_ptr<void>(nullptr, [&](void*) { done = true; });
  std::vector<std::thread> publishers;
  for (int p = 0; p < kPublishers; ++p) {
    publishers.emplace_back([&, p] {
      for (int i = 0; i < kEvents; ++i) {
        hub_->publish("jobs", "job", std::to_string(p) + ":" + std::to_string(i) + ";");
        if (i % 20 == 0) std::this_thread::sleep_for(milliseconds(1));
      }
    });
  }
  for (std::thread& thread : publishers) thread.join();
  hub_->publish("jobs", "job", "the end");
  for (Client& viewer : viewers) {
    ASSERT_TRUE(viewer.waitFor("the end"));
    std::size_t at_end = 0;
    for (int p = 0; p < kPublishers; ++p) {
      std::size_t at = 0;
      for (int i = 0; i < kEvents; ++i) {
        std::size_t found = viewer.received().find("data: " + std::to_string(p) + ":" + std::to_string(i) + ";", at);
        ASSERT_NE(found, std::string::npos) << "event " << i << " of publisher " << p;
        at = found;
      }
      at_end = std::max(at_end, at);
    }
    EXPECT_LT(at_end, viewer.received().find("the end"));
  }
}

TEST_F(EventHubTest, stopClosesEveryStreamAndLaterOnesAtOnce) {
  start();
  std::vector<Client> viewers;
  for (int i = 0; i < 5; ++i) viewers.push_back(viewing("/jobs"));
  hub_->stop();
  for (Client& viewer : viewers) EXPECT_TRUE(viewer.closed());
  EXPECT_EQ(hub_->viewers(), 0U);
  hub_->publish("jobs", "job", "nobody hears this");
  Client late = view("/jobs");
  EXPECT_TRUE(late.closed());
}

TEST_F(EventHubTest, aStreamNeedsATopic) {
  start();
  EXPECT_THROW(hub_->begin(Stream{}), Invalid);
}

}  // namespace
}  // namespace testarena::http::test
