// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <testarena/bytes.h>

namespace testarena {
namespace {

TEST(Bytes, areEmptyAtFirst) {
  const Bytes bytes;
  EXPECT_TRUE(bytes.empty());
  EXPECT_EQ(bytes.view(), "");
}

TEST(Bytes, borrowDoesNotCopy) {
  const std::string source(5000, 'x');
  const Bytes bytes = Bytes::borrow(source);
  EXPECT_EQ(bytes.data(), source.data());
  EXPECT_EQ(bytes.size(), source.size());
}

TEST(Bytes, aCopyOutlivesWhatWasBorrowed) {
  Bytes kept;
  {
    std::string source(5000, 'x');
    const Bytes borrowed = Bytes::borrow(source);
    kept = borrowed;
    const Bytes constructed(borrowed);
    EXPECT_NE(constructed.data(), source.data());
    source.assign(5000, '!');
  }
  EXPECT_EQ(kept.view(), std::string(5000, 'x'));
}

TEST(Bytes, aMoveStaysBorrowed) {
  const std::string source(5000, 'x');
  Bytes first = Bytes::borrow(source);
  const Bytes second = std::move(first);
  EXPECT_EQ(second.data(), source.data());
}

TEST(Bytes, aMovedShortTextIsWhole) {  // it lies inside the string object and moves with it
  Bytes first(std::string("ab"));
  const Bytes second = std::move(first);
  EXPECT_EQ(second.view(), "ab");
}

TEST(Bytes, takeDoesNotCopyWhatIsOwned) {
  std::string source(5000, 'x');
  const char* const place = source.data();
  Bytes bytes(std::move(source));
  EXPECT_EQ(std::move(bytes).take().data(), place);
}

TEST(Bytes, assigningToItselfKeepsTheOctets) {
  Bytes bytes(std::string("abc"));
  const Bytes& same = bytes;
  bytes = same;
  EXPECT_EQ(bytes.view(), "abc");
}

TEST(Bytes, emptyAbiBytesMayBeNull) {
  EXPECT_EQ(toView(ta_bytes{nullptr, 0}), "");
}

}  // namespace
}  // namespace testarena
