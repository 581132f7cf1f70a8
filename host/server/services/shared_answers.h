// SPDX-License-Identifier: Apache-2.0
// A memory for answers that are costly to get: asked for once, however many want them at the same time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "clock.h"

namespace testarena::server {

/// Answers by key. The first who asks computes, those who come meanwhile wait for the same answer, and it stays good
/// for a time. What fails is thrown to all who waited and is not kept. Threads: any.
template <class Answer>
class SharedAnswers {
 public:
  /// `most`: how many answers are kept; when there are more, the outdated ones go, then all.
  SharedAnswers(const Clock& clock, std::chrono::milliseconds good_for, size_t most)
      : clock_(clock), goodFor_(good_for), most_(most) {}

  std::shared_ptr<const Answer> get(const std::string& key, const std::function<Answer()>& compute) {
    std::shared_ptr<Entry> entry;
    {
      std::unique_lock lock(mutex_);
      auto found = entries_.find(key);
      if (found != entries_.end() && isGood(*found->second)) {
        entry = found->second;
        changed_.wait(lock, [&] { return entry->answer || entry->error; });
        if (entry->error) std::rethrow_exception(entry->error);
        return entry->answer;
      }
      makeRoom();
      entry = std::make_shared<Entry>();
      entries_[key] = entry;
    }
    try {
      auto answer = std::make_shared<const Answer>(compute());
      const std::lock_guard lock(mutex_);
      entry->until = clock_.steady() + goodFor_;
      entry->answer = std::move(answer);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      entry->error = std::current_exception();
      if (auto found = entries_.find(key); found != entries_.end() && found->second == entry) entries_.erase(found);
    }
    changed_.notify_all();
    if (entry->error) std::rethrow_exception(entry->error);
    return entry->answer;
  }

 private:
  struct Entry {
    std::shared_ptr<const Answer> answer;
    std::exception_ptr error;
    Clock::Steady until{};  ///< meaningful once there is an answer
  };

  bool isGood(const Entry& entry) const { return !entry.error && (!entry.answer || entry.until > clock_.steady()); }
  void makeRoom() {
    if (entries_.size() < most_) return;
    std::erase_if(entries_, [&](const auto& kept) { return !isGood(*kept.second); });
    if (entries_.size() >= most_)
      std::erase_if(entries_, [](const auto& kept) { return kept.second->answer != nullptr; });
  }

  const Clock& clock_;
  const std::chrono::milliseconds goodFor_;
  const size_t most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<std::string, std::shared_ptr<Entry>> entries_;  ///< guarded by mutex_, as are the entries
};

}  // namespace testarena::server
