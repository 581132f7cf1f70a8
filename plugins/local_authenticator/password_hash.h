// SPDX-License-Identifier: Apache-2.0
// Passwords as argon2id hashes.
#pragma once

#include <cstddef>
#include <string>

namespace testarena {

/// 19 MiB and 2 passes, as OWASP recommends for argon2id: measured 18 ms. libsodium's own "interactive" preset takes
/// 64 MiB and 72 ms, which with a few logins at once is more than the whole server should need.
struct HashCost {
  unsigned long long passes = 2;
  std::size_t memory = std::size_t{19} << 20;
};

/// Any number of threads; each hash takes its memory and a processor, see HashSlots.
class PasswordHash {
 public:
  explicit PasswordHash(HashCost cost = {});

  /// A text of 7-bit characters that tells algorithm, cost and salt. `Exhausted`: there is no memory for it.
  std::string make(const std::string& password) const;

  /// True if `hash` was made of the password, at whatever cost. A text that is no hash is made of none, but takes as
  /// long.
  bool matches(const std::string& hash, const std::string& password) const;

  /// True if the hash was made at another cost than this one's.
  bool isOutdated(const std::string& hash) const;

  /// Takes as long as `matches`, for accounts that have no hash.
  void spendTime(const std::string& password) const;

 private:
  const HashCost cost_;
  const std::string nobody_;  // the hash of a password that nobody knows
};

}  // namespace testarena
