// SPDX-License-Identifier: Apache-2.0
#include "change_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace testarena::runner {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ChangeLog, tellsWhatChangedAfterACursor) {
  ChangeLog log;
  log.changed("a");
  const std::string cursor = log.cursor();
  EXPECT_THAT(*log.after(cursor), IsEmpty());
  log.changed("b");
  log.changed("c");
  EXPECT_THAT(*log.after(cursor), ElementsAre("b", "c"));
  log.changed("b");
  EXPECT_THAT(*log.after(cursor), ElementsAre("c", "b")) << "each once, where it changed last";
}

TEST(ChangeLog, aCursorOfAnotherLifeSaysStartOver) {
  ChangeLog before;
  before.changed("a");
  ChangeLog now;
  now.changed("a");
  EXPECT_FALSE(now.after(before.cursor()));
}

TEST(ChangeLog, whatIsNoCursorSaysStartOver) {
  ChangeLog log;
  log.changed("a");
  const std::string life = log.cursor().substr(0, log.cursor().find('-'));
  for (const std::string& cursor : {std::string("x"), std::string("-"), life, life + "-", life + "-x", life + "--1",
                                    life + "-2", life + "-1x", life + "-99999999999999999999"}) {
    EXPECT_FALSE(log.after(cursor)) << cursor;
  }
  EXPECT_TRUE(log.after(life + "-0"));
}

}  // namespace
}  // namespace testarena::runner
