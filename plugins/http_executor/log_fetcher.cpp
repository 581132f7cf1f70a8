// SPDX-License-Identifier: Apache-2.0
#include "log_fetcher.h"

#include <algorithm>

#include <testarena/error.h>

#include "log_spool.h"

namespace testarena::http_executor {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kForOneLog = 10min;
constexpr auto kAgainAfterEnd = 2s;  // a log that could not be fetched whole
constexpr auto kPatience = 2min;     // with the log of a run that has ended

}  // namespace

LogFetcher::LogFetcher(const Profile& profile, const Remote& remote)
    : profile_(profile), remote_(remote), folder_(profile.folder / "logs") {}

LogFetcher::~LogFetcher() {
  closing_ = true;
  {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

std::filesystem::path LogFetcher::fileOf(const Name& name) const {
  return folder_ / name.first / name.second;
}

LogState LogFetcher::want(const std::string& job, const std::string& name, const std::string& url, bool hasEnded,
                          Written written) {
  const std::lock_guard lock(mutex_);
  const auto [log, isNew] = logs_.try_emplace(Name{job, name});
  Log& wanted = log->second;
  if (isNew) {
    wanted.url = url;
    wanted.state.bytes = sizeOfSpool(fileOf({job, name}));
  }
  if (wanted.state.settled) return wanted.state;
  wanted.written = written;
  if (hasEnded && !wanted.hasEnded) {
    wanted.hasEnded = true;
    wanted.endedAt = Clock::now();
    wanted.due = Clock::now();
  }
  wanted.wanted = true;
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  changed_.notify_all();
  return wanted.state;
}

std::string LogFetcher::read(const std::string& job, const std::string& name, int64_t offset, int64_t limit) const {
  return readSpool(fileOf({job, name}), offset, limit);
}

int64_t LogFetcher::sizeOf(const std::string& job, const std::string& name) const {
  return sizeOfSpool(fileOf({job, name}));
}

void LogFetcher::forget(const std::string& job) {
  std::unique_lock lock(mutex_);
  logs_.erase(logs_.lower_bound({job, ""}), logs_.lower_bound({job + '\0', ""}));
  changed_.wait(lock, [&] { return fetching_ != job; });
  std::error_code ignored;
  std::filesystem::remove_all(folder_ / job, ignored);
}

std::map<LogFetcher::Name, LogFetcher::Log>::iterator LogFetcher::next() {
  auto first = logs_.end();
  for (auto log = logs_.begin(); log != logs_.end(); ++log) {
    if (!log->second.wanted || log->second.state.settled) continue;
    if (first == logs_.end() || log->second.due < first->second.due) first = log;
  }
  return first;
}

void LogFetcher::work() {
  std::unique_lock lock(mutex_);
  while (!closing_) {
    const auto begun = Clock::now();
    const auto log = next();
    if (log == logs_.end()) {
      changed_.wait(lock);
      continue;
    }
    if (const Steady due = log->second.due; due > begun) {  // a copy: the log may be forgotten meanwhile
      changed_.wait_until(lock, due);
      continue;
    }
    const Name name = log->first;
    const std::string url = log->second.url;
    const bool hadEnded = log->second.hasEnded;
    log->second.wanted = false;
    fetching_ = name.first;
    lock.unlock();
    const Call call(kForOneLog, "", [this, &name] {
      if (closing_) return true;
      const std::lock_guard looking(mutex_);
      return logs_.count(name) == 0;  // forgotten meanwhile
    });
    const Fetched fetched = fetch(name, url, call);
    lock.lock();
    fetching_.clear();
    changed_.notify_all();
    if (const auto still = logs_.find(name); still != logs_.end()) conclude(still->second, fetched, begun, hadEnded);
  }
}

LogFetcher::Fetched LogFetcher::fetch(const Name& name, const std::string& url, const Call& call) {
  Fetched fetched;
  try {
    const http::Address address = http::parseAddress(url);
    LogReading reading(fileOf(name));
    http::Request request = remote_.request("GET", address.target.empty() ? "/" : address.target);
    request.limit = kForOneLog;
    request.max_body = static_cast<std::uint64_t>(profile_.settings.log_limit);
    if (!address.sameServer(profile_.server)) request.bearer.clear();  // the token is not for others
    std::string changed;
    request.sink = [&](std::string_view octets) {
      try {
        reading.take(octets);
      } catch (const LogChanged& error) {
        changed = error.what();
        throw Unavailable(changed);
      }
    };
    const http::Exchange exchange = clientFor(address).send(request, call);
    fetched.state.bytes = reading.size();
    if (!changed.empty()) {
      fetched.state.problem = changed;
    } else if (exchange.ended_by_closing && exchange.answer.status == 200) {
      fetched.trouble = exchange.problem;
      fetched.state.problem = exchange.problem;  // it will be the same every time
    } else if (exchange.body_is_too_long) {
      fetched.state.problem = exchange.problem;
    } else if (exchange.outcome != http::Outcome::answered) {
      fetched.trouble = exchange.problem;
    } else if (exchange.answer.status == 200) {
      fetched.whole = reading.hasCaughtUp();
      if (!fetched.whole) fetched.state.problem = "the log on the server has become shorter than it was";
    } else {
      fetched.missing = exchange.answer.status == 404;
      fetched.trouble = "GET " + url + " was answered by " + said(exchange.answer);
    }
  } catch (const std::exception& error) {
    fetched.state.bytes = sizeOf(name.first, name.second);
    fetched.trouble = error.what();
  }
  return fetched;
}

void LogFetcher::conclude(Log& log, const Fetched& fetched, Steady begun, bool hadEnded) {
  const auto now = Clock::now();
  log.state.bytes = fetched.state.bytes;
  if (hadEnded) {
    if (fetched.missing && log.written == Written::perhaps && log.state.bytes == 0) {
      log.state.settled = true;
      return;
    }
    const bool hopeless = !fetched.state.problem.empty();
    const bool tooLate = now - log.endedAt > kPatience || (fetched.missing && log.fetchedAfterEnd);
    log.fetchedAfterEnd = true;
    if (fetched.whole || hopeless || tooLate) {
      log.state.settled = true;
      log.state.problem = fetched.whole ? "" : hopeless ? fetched.state.problem : fetched.trouble;
      return;
    }
    log.wanted = true;  // until it is settled, whoever asks
    log.due = now + kAgainAfterEnd;
    return;
  }
  log.due = std::max(now + profile_.settings.log_refresh, now + 9 * (now - begun));
  if (log.hasEnded) log.due = now;  // it ended meanwhile
}

http::Client& LogFetcher::clientFor(const http::Address& address) {
  auto& client = clients_[address.server()];
  if (!client) {
    http::ClientOptions options;
    if (address.tls) options.ca_file = profile_.settings.ca_file;
    options.max_connections = 1;
    client = std::make_unique<http::Client>(address, options);
  }
  return *client;
}

}  // namespace testarena::http_executor
