// SPDX-License-Identifier: Apache-2.0
// Random messages, mutated messages and random octets, with msgpack-cxx as second opinion.
//
// The seed is printed and can be given: TESTARENA_SEED. TESTARENA_ROUNDS makes it longer.
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <msgpack.hpp>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include <testarena/message.h>

#include "sample_records.h"

namespace testarena::samples {
namespace {

std::uint64_t fromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

class MessageRandom : public testing::Test {
 protected:
  void SetUp() override { std::cout << "TESTARENA_SEED=" << seed_ << '\n'; }

  std::size_t upTo(std::size_t most) { return std::uniform_int_distribution<std::size_t>(0, most)(random_); }

  std::string someOctets(std::size_t most) {
    std::string octets(upTo(most), '\0');
    for (char& octet : octets) octet = static_cast<char>(static_cast<unsigned char>(random_()));
    return octets;
  }

  std::string someText() {
    static const std::string pieces[] = {"a",          "Z", "\n", "\"", "ü", "世", "\U0001F600", std::string(1, '\0'),
                                         "plain text "};
    std::string text;
    for (std::size_t i = upTo(6); i > 0; --i) text += pieces[upTo(std::size(pieces) - 1)];
    return text;
  }

  std::int64_t someInteger() { return static_cast<std::int64_t>(random_()) >> upTo(63); }

  Point somePoint() { return {someInteger(), someInteger()}; }

  Sample someSample() {
    Sample sample;
    sample.flag = upTo(1) == 1;
    sample.number = someInteger();
    const std::uint64_t bits = random_();
    std::memcpy(&sample.ratio, &bits, sizeof bits);
    sample.text = someText();
    sample.colour = static_cast<Colour>(upTo(2));
    sample.at = Time(std::chrono::microseconds(someInteger()));
    sample.pause = std::chrono::milliseconds(someInteger());
    if (upTo(1))
      sample.maybe = someInteger();
    else
      sample.maybe.reset();
    sample.point = somePoint();
    for (std::size_t i = upTo(4); i > 0; --i) sample.points.push_back(somePoint());
    for (std::size_t i = upTo(3); i > 0; --i) sample.labels[someText()] = someText();
    if (upTo(1)) sample.place = somePoint();
    sample.data = Bytes(someOctets(upTo(9) == 0 ? 9000 : 20));
    return sample;
  }

  std::string mutated(std::string message) {
    for (std::size_t i = 1 + upTo(3); i > 0 && !message.empty(); --i) {
      const std::size_t at = upTo(message.size() - 1);
      switch (upTo(5)) {
        case 0:
          message[at] = static_cast<char>(static_cast<unsigned char>(random_()));
          break;
        case 1:
          message[at] = static_cast<char>(message[at] ^ (1 << upTo(7)));
          break;
        case 2:
          message.erase(at, 1 + upTo(3));
          break;
        case 3:
          message.insert(at, someOctets(4));
          break;
        case 4:
          message.resize(at);
          break;
        default:
          message.insert(at, message.substr(at, upTo(16)));
      }
    }
    return message;
  }

  const std::uint64_t seed_ = fromEnvironment("TESTARENA_SEED", std::random_device{}());
  const std::uint64_t rounds_ = fromEnvironment("TESTARENA_ROUNDS", 10'000);
  std::mt19937_64 random_{seed_};
};

/// The message in memory of exactly its size, so that AddressSanitizer sees the first octet read too far.
class Exact {
 public:
  explicit Exact(const std::string& message) : memory_(new char[message.size()]), size_(message.size()) {
    if (size_ != 0) std::memcpy(memory_.get(), message.data(), size_);
  }
  ta_bytes bytes() const { return {memory_.get(), size_}; }

 private:
  std::unique_ptr<char[]> memory_;
  std::size_t size_;
};

/// If the message is accepted, what it became must be stable: encoded, decoded and encoded again it is the same. Octets
/// are compared, because NaN is not equal to itself.
template <class T>
bool isStable(const std::string& message) {
  T first;
  try {
    first = decode<T>(Exact(message).bytes());
  } catch (const Invalid&) {
    return true;
  }
  const std::string once = encode(first);
  return encode(decode<T>(Exact(once).bytes())) == once;
}

bool wellFormedToUs(const std::string& value) {
  try {
    decode<None>(Exact("\x81\xA1x" + value).bytes());  // an unknown field is checked for its form alone
    return true;
  } catch (const Invalid&) {
    return false;
  }
}

bool wellFormedToMsgpack(const std::string& value) {
  msgpack::null_visitor visitor;
  std::size_t offset = 0;
  try {
    return msgpack::parse(value.data(), value.size(), offset, visitor) && offset == value.size();
  } catch (const std::exception&) {  // its words for several kinds of broken
    return false;
  }
}

TEST_F(MessageRandom, recordsComeBackWhole) {
  for (std::uint64_t i = 0; i < rounds_ / 4; ++i) {
    const std::string message = encode(someSample());
    ASSERT_EQ(encode(decode<Sample>(Exact(message).bytes())), message);
  }
}

TEST_F(MessageRandom, splitMessagesAreTheSame) {
  for (std::uint64_t i = 0; i < rounds_ / 4; ++i) {
    Blobs blobs;
    for (std::size_t parts = upTo(3); parts > 0; --parts) blobs.parts.push_back({1, Bytes(someOctets(9000))});
    std::string head;
    const ta_bytes tail = encodeSplit(blobs, head);
    ASSERT_EQ(head + std::string(toView(tail)), encode(blobs));
    ASSERT_TRUE(decode<Blobs>(Exact(head).bytes(), tail) == blobs);
  }
}

TEST_F(MessageRandom, mutatedMessagesAreRefusedOrStable) {
  for (std::uint64_t i = 0; i < rounds_; ++i) {
    const std::string message = mutated(encode(someSample()));
    ASSERT_TRUE(isStable<Sample>(message) && isStable<Tree>(message) && isStable<Blobs>(message))
        << testing::PrintToString(message);
  }
}

TEST_F(MessageRandom, randomOctetsAreRefusedOrStable) {
  for (std::uint64_t i = 0; i < rounds_; ++i) {
    const std::string message = someOctets(60);
    ASSERT_TRUE(isStable<Sample>(message) && isStable<Tree>(message) && isStable<Blobs>(message))
        << testing::PrintToString(message);
  }
}

TEST_F(MessageRandom, msgpackAgreesOnWhatIsWellFormed) {
  std::uint64_t valid = 0;
  for (std::uint64_t i = 0; i < rounds_ * 4; ++i) {
    const std::string value = i % 2 == 0 ? someOctets(12) : mutated(encode(someSample()));
    const bool ours = wellFormedToUs(value);
    ASSERT_EQ(ours, wellFormedToMsgpack(value)) << testing::PrintToString(value);
    valid += ours ? 1 : 0;
  }
  EXPECT_GT(valid, rounds_ / 20) << "nearly all inputs were broken: the comparison says little";
}

TEST_F(MessageRandom, msgpackReadsWhatWeWrite) {
  for (std::uint64_t i = 0; i < rounds_ / 20; ++i) {
    const Sample sample = someSample();
    const std::string message = encode(sample);
    const msgpack::object_handle handle = msgpack::unpack(message.data(), message.size());
    auto fields = handle.get().as<std::map<std::string, msgpack::object>>();
    ASSERT_EQ(fields.size(), 13U);
    EXPECT_EQ(fields["flag"].as<bool>(), sample.flag);
    EXPECT_EQ(fields["number"].as<std::int64_t>(), sample.number);
    EXPECT_EQ(fields["text"].as<std::string>(), sample.text);
    EXPECT_EQ(fields["colour"].as<std::string>(), enumName(sample.colour));
    EXPECT_EQ(fields["at"].as<std::int64_t>(), sample.at.time_since_epoch().count());
    EXPECT_EQ(fields["maybe"].is_nil(), !sample.maybe);
    EXPECT_EQ(fields["points"].as<std::vector<msgpack::object>>().size(), sample.points.size());
    EXPECT_EQ((fields["labels"].as<std::map<std::string, std::string>>()), sample.labels);
    const auto data = fields["data"].as<std::vector<char>>();
    EXPECT_EQ(std::string(data.begin(), data.end()), sample.data.view());
  }
}

TEST_F(MessageRandom, weReadWhatMsgpackWrites) {
  for (std::uint64_t i = 0; i < rounds_ / 20; ++i) {
    const Sample sample = someSample();
    msgpack::sbuffer buffer;
    msgpack::packer<msgpack::sbuffer> packer(buffer);
    packer.pack_map(5);
    packer.pack(std::string("labels")).pack(sample.labels);
    packer.pack(std::string("number")).pack(sample.number);
    packer.pack(std::string("text")).pack(sample.text);
    packer.pack(std::string("ratio")).pack(0.25F);
    packer.pack(std::string("data")).pack_bin(static_cast<std::uint32_t>(sample.data.size()));
    packer.pack_bin_body(sample.data.data(), static_cast<std::uint32_t>(sample.data.size()));
    const Sample read = decode<Sample>({buffer.data(), buffer.size()});
    EXPECT_EQ(read.labels, sample.labels);
    EXPECT_EQ(read.number, sample.number);
    EXPECT_EQ(read.text, sample.text);
    EXPECT_EQ(read.ratio, 0.25);
    EXPECT_EQ(read.data, sample.data);
  }
}

}  // namespace
}  // namespace testarena::samples
