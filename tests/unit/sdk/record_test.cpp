// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <testarena/record.h>

#include "sample_records.h"

namespace testarena::samples {
namespace {

struct Empty {
  TA_NO_FIELDS
};

TEST(Record, knowsTheNamesOfItsFields) {
  static_assert(detail::kFieldCount<Sample> == 13);
  static_assert(detail::kFields<Sample>[4] == "colour");
  static_assert(detail::kFieldCount<Empty> == 0 && detail::kFieldCount<None> == 0);
  EXPECT_EQ(detail::kFields<BlobThenNumber>[1], "after");
}

TEST(Record, staysAnAggregate) {
  static_assert(std::is_aggregate_v<Sample>);
  const Point point{3, 4};
  EXPECT_EQ(point.y, 4);
}

TEST(Record, countsTheMembersThatThereAre) {
  static_assert(detail::hasMembers<Sample, 13>);
  static_assert(!detail::hasMembers<Sample, 12> && !detail::hasMembers<Sample, 14>);
  static_assert(detail::hasMembers<Tree, 2> && detail::hasMembers<Empty, 0> && detail::hasMembers<Blobs, 1>);
}

TEST(Record, isEqualIfAllFieldsAre) {
  Sample a = fullSample();
  EXPECT_TRUE(a == fullSample());
  a.labels["os"] = "debian13";
  EXPECT_TRUE(a != fullSample());
}

}  // namespace
}  // namespace testarena::samples
