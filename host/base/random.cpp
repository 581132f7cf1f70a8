// SPDX-License-Identifier: Apache-2.0
#include "random.h"

#include <sodium.h>

#include <testarena/error.h>

namespace testarena {
namespace {

/// libsodium must be initialised once; doing it again is cheap and safe from any thread.
void initialise() {
  static const bool done = [] {
    if (sodium_init() < 0) throw Internal("libsodium cannot be initialised: the system gives no random numbers");
    return true;
  }();
  (void)done;
}

const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* octets(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace

std::uint64_t Random::below(std::uint64_t bound) {
  // Values from the incomplete last round would make small results likelier: draw again.
  const std::uint64_t excess = (~std::uint64_t{0} - bound + 1) % bound;
  for (;;) {
    const std::uint64_t value = next();
    if (value >= excess) return value % bound;
  }
}

SystemRandom::SystemRandom() {
  initialise();
}

std::uint64_t SystemRandom::next() {
  std::uint64_t value = 0;
  randombytes_buf(&value, sizeof value);
  return value;
}

std::uint64_t SeededRandom::next() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

std::string randomBytes(std::size_t size) {
  initialise();
  std::string bytes(size, '\0');
  randombytes_buf(bytes.data(), size);
  return bytes;
}

std::string randomHex(std::size_t size) {
  return hex(randomBytes(size));
}

std::string randomToken(std::size_t length) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  initialise();
  std::string token(length, '\0');
  for (char& c : token) c = kAlphabet[randombytes_uniform(kAlphabet.size())];
  return token;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xFU];
  }
  return text;
}

std::string sha256(std::string_view bytes) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(octets(digest), octets(bytes), bytes.size());
  return digest;
}

std::string sha256Hex(std::string_view bytes) {
  return hex(sha256(bytes));
}

std::string fingerprint(std::string_view bytes) {
  std::string digest(crypto_generichash_BYTES_MIN, '\0');
  crypto_generichash(octets(digest), digest.size(), octets(bytes), bytes.size(), nullptr, 0);
  return hex(digest);
}

bool constantTimeEqual(std::string_view left, std::string_view right) {
  return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

KeyedHash::KeyedHash() {
  initialise();
  randombytes_buf(key_.data(), key_.size());
}

KeyedHash::~KeyedHash() {
  sodium_memzero(key_.data(), key_.size());
}

std::string KeyedHash::operator()(std::string_view first, std::string_view second) const {
  std::string digest(32, '\0');
  crypto_generichash_state state;
  crypto_generichash_init(&state, key_.data(), key_.size(), digest.size());
  for (const std::string_view part : {first, second}) {
    const std::uint64_t size = part.size();
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&size), sizeof size);
    crypto_generichash_update(&state, octets(part), part.size());
  }
  crypto_generichash_final(&state, octets(digest), digest.size());
  return digest;
}

}  // namespace testarena
