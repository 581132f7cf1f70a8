// SPDX-License-Identifier: Apache-2.0
// Slows down whoever guesses passwords.
#pragma once

#include <chrono>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "clock.h"

namespace testarena::server {

/// Counts failed passwords, in memory. Ten in a row for one account from one address, or a hundred from one address
/// within a minute, and the next attempt has to wait; a right password forgets the account's count, and the same person
/// coming from another address is never kept out by it. Threads: any.
class FailedLogins {
 public:
  explicit FailedLogins(const Clock& clock) : clock_(clock) {}

  /// How long to wait before a password of this account may be tried from this address; unset: now.
  std::optional<std::chrono::seconds> mustWait(std::string_view username, std::string_view address);
  void failed(std::string_view username, std::string_view address);
  void succeeded(std::string_view username, std::string_view address);

 private:
  struct Account {
    int inARow = 0;
    Clock::Steady last{};
  };
  void forgetOld(Clock::Steady now);

  const Clock& clock_;
  std::mutex mutex_;
  // Guarded by mutex_.
  std::unordered_map<std::string, Account> accounts_;
  std::unordered_map<std::string, std::deque<Clock::Steady>> addresses_;
};

}  // namespace testarena::server
