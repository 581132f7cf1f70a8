// SPDX-License-Identifier: Apache-2.0
#include "plugin_channel.h"

#include <atomic>
#include <functional>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <testarena/executor.h>
#include <testarena/message.h>

#include "breadcrumb.h"

namespace testarena::plugin_host {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

/// Stands where the plugin would be.
class FakeTransport final : public Channel {
 public:
  std::function<void(Call&)> behaviour = [](Call&) {};

  void call(std::string_view operation, ta_bytes, Call& call, Receiver& receiver) override {
    operations.emplace_back(operation);
    trace = call.traceId();
    remaining = call.remaining();
    crumb = std::string(breadcrumb().instance) + "/" + breadcrumb().operation;
    behaviour(call);
    const std::string answer = encode(Submitted{"handle"});
    receiver.receive(toBytes(answer), {});
  }

  std::vector<std::string> operations;
  std::string trace;
  std::chrono::milliseconds remaining{0};
  std::string crumb;
};

class PluginChannelTest : public testing::Test {
 protected:
  PluginChannelTest() {
    configureLog({LogFormat::text, LogSeverity::info, [this](std::string_view line) { lines_.emplace_back(line); }});
  }
  ~PluginChannelTest() override { configureLog({}); }

  std::string samples() {
    std::vector<CallMetrics::Sample> samples;
    channel_->metrics().collect("instance=\"executor lab-1\"", samples);
    std::string text;
    writeMetrics(samples, text);
    return text;
  }
  bool counted(const std::string& line) { return samples().find(line + "\n") != std::string::npos; }

  std::vector<std::string> lines_;
  std::shared_ptr<FakeTransport> transport_ = std::make_shared<FakeTransport>();
  std::shared_ptr<PluginChannel> channel_ = std::make_shared<PluginChannel>(
      PluginChannel::Options{"executor lab-1", "executor/1", 2, 10ms}, operationNames<Executor>(), transport_);
  ExecutorProxy executor_{channel_};
};

TEST_F(PluginChannelTest, aCallGoesThroughAndIsCounted) {
  Call call(5s);
  EXPECT_EQ(executor_.submit({}, call).handle, "handle");
  EXPECT_EQ(transport_->operations, std::vector<std::string>{"submit"});
  EXPECT_TRUE(counted(R"(testarena_plugin_calls_total{instance="executor lab-1",operation="submit",code="ok"} 1)"))
      << samples();
  EXPECT_TRUE(counted(R"(testarena_plugin_call_seconds_count{instance="executor lab-1",operation="submit"} 1)"));
  EXPECT_TRUE(counted(R"(testarena_plugin_calls_in_flight{instance="executor lab-1",operation="submit"} 0)"));
  EXPECT_EQ(samples().find("operation=\"status\",code"), std::string::npos);
  EXPECT_TRUE(lines_.empty());
}

TEST_F(PluginChannelTest, withoutADeadlineOfTheCallerTheTableCounts) {
  Call endless(Call::Clock::time_point::max());
  executor_.health({}, endless);
  EXPECT_GT(transport_->remaining, 0s);
  EXPECT_LE(transport_->remaining, defaultDeadline("health"));
  EXPECT_LT(defaultDeadline("health"), defaultDeadline("submit"));
  Call own(500s);
  executor_.health({}, own);
  EXPECT_GT(transport_->remaining, defaultDeadline("health")) << "a caller that says how long it waits is believed";
}

TEST_F(PluginChannelTest, theTraceIsTheCallsOwnOrTheThreads) {
  Call own(5s, "call-1");
  executor_.submit({}, own);
  EXPECT_EQ(transport_->trace, "call-1");
  const TraceScope scope("thread-1");
  Call without(5s);
  executor_.submit({}, without);
  EXPECT_EQ(transport_->trace, "thread-1");
  std::string seen;
  transport_->behaviour = [&seen](Call&) { seen = currentTrace(); };
  Call other(5s, "call-2");
  executor_.submit({}, other);
  EXPECT_EQ(seen, "call-2") << "what the plugin logs meanwhile belongs to the call";
  EXPECT_EQ(currentTrace(), "thread-1");
}

TEST_F(PluginChannelTest, theThreadKnowsWhichPluginItIsIn) {
  Call call(5s);
  executor_.submit({}, call);
  EXPECT_EQ(transport_->crumb, "executor lab-1/submit");
  EXPECT_EQ(breadcrumb().instance, nullptr);
}

TEST_F(PluginChannelTest, errorsComeOutAsTheyAreAndAreCountedByCode) {
  transport_->behaviour = [](Call&) { throw Conflict("known", "/job"); };
  Call call(5s);
  try {
    executor_.submit({}, call);
    FAIL();
  } catch (const Conflict& error) {
    EXPECT_STREQ(error.what(), "known");
    EXPECT_EQ(error.pointer(), "/job");
  }
  EXPECT_TRUE(
      counted(R"(testarena_plugin_calls_total{instance="executor lab-1",operation="submit",code="conflict"} 1)"));
  EXPECT_TRUE(lines_.empty()) << "who asked tells what it means";
}

TEST_F(PluginChannelTest, aBugIsLoggedBecauseNobodyElseTellsItsAuthor) {
  transport_->behaviour = [](Call&) { throw Internal("answered 2 times"); };
  Call call(5s);
  EXPECT_THROW(executor_.submit({}, call), Internal);
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_NE(lines_[0].find("error   executor lab-1: submit: internal error: answered 2 times"), std::string::npos)
      << lines_[0];
}

TEST_F(PluginChannelTest, nothingButAnErrorLeaves) {
  transport_->behaviour = [](Call&) { throw std::runtime_error("strange"); };
  Call call(5s);
  EXPECT_THROW(executor_.submit({}, call), Internal);
  EXPECT_TRUE(
      counted(R"(testarena_plugin_calls_total{instance="executor lab-1",operation="submit",code="internal"} 1)"));
  EXPECT_TRUE(counted(R"(testarena_plugin_calls_in_flight{instance="executor lab-1",operation="submit"} 0)"));
}

TEST_F(PluginChannelTest, aCallThatNobodyWaitsForDoesNotReachThePlugin) {
  Call over(0ms);
  EXPECT_THROW(executor_.submit({}, over), DeadlineExceeded);
  Call back(5s, {}, [] { return true; });
  EXPECT_THROW(executor_.submit({}, back), Cancelled);
  EXPECT_TRUE(transport_->operations.empty());
}

TEST_F(PluginChannelTest, cancellationReachesThePluginAlsoThroughOurOwnCall) {
  std::atomic<bool> cancelled{false};
  transport_->behaviour = [&](Call& call) {
    EXPECT_FALSE(call.cancelled());
    cancelled = true;
    EXPECT_TRUE(call.cancelled());
  };
  Call endless(Call::Clock::time_point::max(), {}, [&] { return cancelled.load(); });
  executor_.submit({}, endless);
}

TEST_F(PluginChannelTest, aLateAnswerIsTakenButToldAndCounted) {
  transport_->behaviour = [](Call& call) { std::this_thread::sleep_until(call.deadline() + 15ms); };
  Call call(5ms);
  EXPECT_EQ(executor_.submit({}, call).handle, "handle") << "what is known is better than what is not";
  EXPECT_TRUE(counted(R"(testarena_plugin_calls_late_total{instance="executor lab-1",operation="submit"} 1)"));
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_NE(lines_[0].find("after its deadline"), std::string::npos);
}

TEST_F(PluginChannelTest, eachCallHasALineAtLevelDebug) {
  setLogLevel(LogSeverity::debug);
  Call call(5s);
  executor_.submit({}, call);
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_NE(lines_[0].find("debug   executor lab-1: submit: ok after "), std::string::npos);
}

TEST_F(PluginChannelTest, figuresOfThePluginsOwnAreCheckedAndShown) {
  CallMetrics& metrics = channel_->metrics();
  metrics.add("jobs_seen", 2);
  metrics.add("jobs_seen", 0.5);
  metrics.set("queue", 7);
  metrics.set("queue", -3);
  EXPECT_TRUE(counted(R"(testarena_plugin_jobs_seen_total{instance="executor lab-1"} 2.5)")) << samples();
  EXPECT_TRUE(counted(R"(testarena_plugin_queue{instance="executor lab-1"} -3)"));
  for (const char* bad : {"", "Jobs", "1x", "a b", "a\"}", "a\nb"}) EXPECT_THROW(metrics.add(bad, 1), Invalid) << bad;
  EXPECT_THROW(metrics.add("x", -1), Invalid);
  EXPECT_THROW(metrics.set("x", std::numeric_limits<double>::quiet_NaN()), Invalid);
  EXPECT_THROW(metrics.set("jobs_seen", 1), Invalid) << "a counter is no gauge";
  for (int i = 0; i < 62; ++i) metrics.add("m" + std::to_string(i), 1);
  EXPECT_THROW(metrics.add("one_too_many", 1), Exhausted);
}

TEST_F(PluginChannelTest, eachMetricHasOneHeadForAllInstances) {
  Call call(5s);
  executor_.submit({}, call);
  std::vector<CallMetrics::Sample> both;
  channel_->metrics().collect("instance=\"a\"", both);
  channel_->metrics().collect("instance=\"b\"", both);
  std::string text;
  writeMetrics(both, text);
  const std::string head = "# TYPE testarena_plugin_call_seconds histogram\n";
  EXPECT_NE(text.find(head), std::string::npos);
  EXPECT_EQ(text.find(head, text.find(head) + 1), std::string::npos);
}

/// Notices when more than two calls are inside.
class Counting final : public Channel {
 public:
  void call(std::string_view, ta_bytes, Call&, Receiver& receiver) override {
    if (++inside_ > 2) tooMany = true;
    const std::string answer = encode(None{});
    receiver.receive(toBytes(answer), {});
    --inside_;
  }

  std::atomic<bool> tooMany{false};

 private:
  std::atomic<int> inside_{0};
};

TEST_F(PluginChannelTest, manyThreadsAtOnce) {
  std::vector<std::thread> threads;
  const auto counting = std::make_shared<Counting>();
  const auto channel = std::make_shared<PluginChannel>(
      PluginChannel::Options{"executor lab-1", "executor/1", 2, 1000ms}, operationNames<Executor>(), counting);
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&] {
      ExecutorProxy executor(channel);
      for (int i = 0; i < 300; ++i) {
        Call call(60s, "t");
        executor.abort({}, call);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(counting->tooMany);
  std::vector<CallMetrics::Sample> all;
  channel->metrics().collect("i=\"x\"", all);
  std::string text;
  writeMetrics(all, text);
  EXPECT_NE(text.find(R"(calls_total{i="x",operation="abort",code="ok"} 1800)"), std::string::npos);
}

}  // namespace
}  // namespace testarena::plugin_host
