// SPDX-License-Identifier: Apache-2.0
#include "text_check.h"

#include <gtest/gtest.h>

#include <testarena/storage.h>

namespace testarena::sql {
namespace {

template <class Request>
std::string refusedAt(const Request& request) {
  try {
    checkTexts(request);
    return "nowhere";
  } catch (const Invalid& error) {
    return error.pointer();
  }
}

const std::string kNul("a\0b", 3);

TEST(TextCheck, goodTextsPass) {
  NewJob job;
  job.user = "ärzte \xF4\x8F\xBF\xBF";
  job.runs = {{"a", "b", 1, ""}};
  EXPECT_EQ(refusedAt(job), "nowhere");
}

TEST(TextCheck, theFieldIsPointedAtHoweverDeep) {
  NewJob job;
  job.runs = {{}, {}};
  job.runs[1].path = kNul;
  EXPECT_EQ(refusedAt(job), "/runs/1/path");
  job.runs[1].path.clear();
  job.audit.detail = "\xFF";
  EXPECT_EQ(refusedAt(job), "/audit/detail");
  job.branch = "\xC0\x80";
  EXPECT_EQ(refusedAt(job), "/branch");
}

TEST(TextCheck, theMessageSaysWhich) {
  UserRequest request{kNul};
  EXPECT_THROW(
      {
        try {
          checkTexts(request);
        } catch (const Invalid& error) {
          EXPECT_STREQ(error.what(), "the text contains a NUL character");
          throw;
        }
      },
      Invalid);
}

}  // namespace
}  // namespace testarena::sql
