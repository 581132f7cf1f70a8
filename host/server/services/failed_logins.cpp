// SPDX-License-Identifier: Apache-2.0
#include "failed_logins.h"

#include <algorithm>
#include <cctype>

namespace testarena::server {
namespace {

constexpr int kInARow = 10;
constexpr size_t kPerMinute = 100;
constexpr auto kMinute = std::chrono::seconds(60);
constexpr auto kRemembered = std::chrono::minutes(15);
constexpr size_t kManyEntries = 10'000;

std::string keyOf(std::string_view username, std::string_view address) {
  std::string key(username);
  std::transform(key.begin(), key.end(), key.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  key += '\n';
  key += address;
  return key;
}

std::chrono::seconds until(Clock::Steady end, Clock::Steady now) {
  return std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(end - now));
}

}  // namespace

std::optional<std::chrono::seconds> FailedLogins::mustWait(std::string_view username, std::string_view address) {
  const auto now = clock_.steady();
  const std::lock_guard lock(mutex_);
  if (auto found = addresses_.find(std::string(address)); found != addresses_.end()) {
    auto& times = found->second;
    while (!times.empty() && now - times.front() >= kMinute) times.pop_front();
    if (times.size() >= kPerMinute) return until(times.front() + kMinute, now);
  }
  if (auto found = accounts_.find(keyOf(username, address)); found != accounts_.end()) {
    const auto& account = found->second;
    if (account.inARow >= kInARow && now < account.last + kMinute) return until(account.last + kMinute, now);
  }
  return std::nullopt;
}

void FailedLogins::failed(std::string_view username, std::string_view address) {
  const auto now = clock_.steady();
  const std::lock_guard lock(mutex_);
  if (accounts_.size() + addresses_.size() > kManyEntries) forgetOld(now);
  auto& account = accounts_[keyOf(username, address)];
  if (account.inARow >= kInARow && now >= account.last + kMinute) account.inARow = kInARow - 1;
  ++account.inARow;
  account.last = now;
  auto& times = addresses_[std::string(address)];
  times.push_back(now);
  while (times.size() > kPerMinute) times.pop_front();
}

void FailedLogins::succeeded(std::string_view username, std::string_view address) {
  const std::lock_guard lock(mutex_);
  accounts_.erase(keyOf(username, address));
}

void FailedLogins::forgetOld(Clock::Steady now) {
  std::erase_if(accounts_, [&](const auto& entry) { return now - entry.second.last > kRemembered; });
  std::erase_if(addresses_,
                [&](const auto& entry) { return entry.second.empty() || now - entry.second.back() > kMinute; });
}

}  // namespace testarena::server
