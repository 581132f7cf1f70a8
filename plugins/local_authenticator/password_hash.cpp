// SPDX-License-Identifier: Apache-2.0
#include "password_hash.h"

#include <array>

#include <sodium.h>

#include <testarena/error.h>

namespace testarena {
namespace {

/// Also makes libsodium ready, which has to be before anything else and may be any number of times.
std::string unknownPassword() {
  if (sodium_init() < 0) throw Internal("libsodium could not be started");
  std::string password(32, '\0');
  randombytes_buf(password.data(), password.size());
  return password;
}

std::string hashOf(const std::string& password, const HashCost& cost) {
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), cost.passes, cost.memory,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw Exhausted("there is no memory for hashing a password");
  }
  return hash.data();
}

}  // namespace

PasswordHash::PasswordHash(HashCost cost) : cost_(cost), nobody_(hashOf(unknownPassword(), cost)) {}

std::string PasswordHash::make(const std::string& password) const {
  return hashOf(password, cost_);
}

bool PasswordHash::matches(const std::string& hash, const std::string& password) const {
  // libsodium reads a fixed number of bytes, and is at once done with what is no hash.
  if (hash.size() >= crypto_pwhash_STRBYTES ||
      crypto_pwhash_str_needs_rehash(hash.c_str(), cost_.passes, cost_.memory) < 0) {
    spendTime(password);
    return false;
  }
  std::array<char, crypto_pwhash_STRBYTES> padded{};
  hash.copy(padded.data(), padded.size() - 1);
  return crypto_pwhash_str_verify(padded.data(), password.data(), password.size()) == 0;
}

bool PasswordHash::isOutdated(const std::string& hash) const {
  return hash.size() >= crypto_pwhash_STRBYTES ||
         crypto_pwhash_str_needs_rehash(hash.c_str(), cost_.passes, cost_.memory) != 0;
}

void PasswordHash::spendTime(const std::string& password) const {
  [[maybe_unused]] const int never = crypto_pwhash_str_verify(nobody_.c_str(), password.data(), password.size());
}

}  // namespace testarena
