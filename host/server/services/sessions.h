// SPDX-License-Identifier: Apache-2.0
// Sessions of browsers and tokens of scripts.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <testarena/storage.h>

#include "actor.h"
#include "clock.h"

namespace testarena::server {

struct SessionLimits {
  std::chrono::milliseconds idle{30 * 60'000};
  std::chrono::milliseconds lifetime{12 * 3600'000};
};

struct NewSession {
  std::string token;  ///< goes into the cookie and stands nowhere else
  std::string csrf_token;
  std::string id;
};

/// Only digests of tokens are stored: whoever reads the database can log in as nobody. What was looked up is trusted
/// for two seconds; what ends here ends at once. Threads: any.
class Sessions {
 public:
  Sessions(Storage& storage, const Clock& clock, SessionLimits limits);

  NewSession begin(const Actor& actor, const std::string& userAgent);
  /// Who has this cookie; nobody if it never was, has ended, or the user is disabled. Counts as use.
  std::optional<Actor> bySession(std::string_view token);
  void end(const std::string& id);
  /// Whether the session still stands; for streams.
  bool stands(const std::string& id);

  /// Makes an API token `ta_<id>_<secret>` for an existing user.
  std::string createToken(const std::string& username, const std::string& name, const Audit& audit);
  std::optional<Actor> byToken(std::string_view token);

 private:
  struct Entry {
    Actor actor;
    Clock::Steady until{};
    Time expires_at{};
  };
  std::optional<Actor> cached(const std::string& key);
  void cache(const std::string& key, const Actor& actor, Time expiresAt);
  void touch(const Session& session);

  Storage& storage_;
  const Clock& clock_;
  const SessionLimits limits_;
  std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;  ///< by digest; guarded by mutex_
};

}  // namespace testarena::server
