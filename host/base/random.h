// SPDX-License-Identifier: Apache-2.0
// Random numbers and digests, all by libsodium. Threads: any.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace testarena {

/// A source of random numbers, behind an interface so that a test can repeat what it saw.
class Random {
 public:
  virtual ~Random() = default;

  /// Any of the 2^64 values.
  virtual std::uint64_t next() = 0;

  /// Evenly from [0, bound); `bound` is at least 1.
  std::uint64_t below(std::uint64_t bound);
};

/// Unpredictable: fit for keys and tokens.
class SystemRandom final : public Random {
 public:
  SystemRandom();
  std::uint64_t next() override;
};

/// Repeatable: the same seed gives the same numbers on every machine (SplitMix64). Not for secrets.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() override;

 private:
  std::uint64_t state_;
};

/// `size` unpredictable bytes.
std::string randomBytes(std::size_t size);
/// `size` unpredictable bytes as 2 * size characters of [0-9a-f].
std::string randomHex(std::size_t size);
/// `length` unpredictable characters of [A-Za-z0-9]: 5.95 bits each, 43 characters carry 256 bits.
std::string randomToken(std::size_t length);

std::string hex(std::string_view bytes);
std::string sha256(std::string_view bytes);     ///< 32 bytes
std::string sha256Hex(std::string_view bytes);  ///< 64 characters

/// 32 hex digits that differ when the bytes differ. Several times faster than SHA-256; for what is compared with
/// itself, such as an ETag.
std::string fingerprint(std::string_view bytes);

/// Takes the same time wherever the two differ. Texts of different length differ at once: lengths are not secret.
bool constantTimeEqual(std::string_view left, std::string_view right);

/// BLAKE2b under a key that is made anew in each process and leaves it nowhere: for remembering what was seen (a
/// password that was right) without keeping it.
class KeyedHash {
 public:
  KeyedHash();
  ~KeyedHash();
  KeyedHash(const KeyedHash&) = delete;
  KeyedHash& operator=(const KeyedHash&) = delete;

  /// 32 bytes. The parts are hashed with their lengths, so ("ab", "c") and ("a", "bc") differ.
  std::string operator()(std::string_view first, std::string_view second = {}) const;

 private:
  std::array<unsigned char, 32> key_;
};

}  // namespace testarena
