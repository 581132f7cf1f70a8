// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <testarena/error.h>

namespace testarena {
namespace {

template <class Expected>
void expectClass(Code code) {
  try {
    throwError(code, "words", "/place");
  } catch (const Expected& error) {
    EXPECT_EQ(error.code(), code);
    EXPECT_STREQ(error.what(), "words");
    EXPECT_EQ(error.pointer(), "/place");
    return;
  } catch (const Error&) {
  }
  ADD_FAILURE() << enumName(code) << " is thrown as another class";
}

TEST(Error, everyCodeHasItsClass) {
  expectClass<Invalid>(Code::invalid);
  expectClass<NotFound>(Code::not_found);
  expectClass<Conflict>(Code::conflict);
  expectClass<Retry>(Code::retry);
  expectClass<Unavailable>(Code::unavailable);
  expectClass<Denied>(Code::denied);
  expectClass<Cancelled>(Code::cancelled);
  expectClass<DeadlineExceeded>(Code::deadline_exceeded);
  expectClass<Unsupported>(Code::unsupported);
  expectClass<Exhausted>(Code::exhausted);
  expectClass<WrongState>(Code::wrong_state);
  expectClass<OutOfRange>(Code::out_of_range);
  expectClass<Internal>(Code::internal);
}

TEST(Error, successAndUnknownNumbersAreInternal) {
  EXPECT_THROW(throwError(Code::ok, "words"), Internal);
  EXPECT_THROW(throwError(static_cast<Code>(99), "words"), Internal);
}

TEST(Error, numbersAreThoseOfTheAbi) {
  EXPECT_EQ(static_cast<int>(Code::unavailable), TA_UNAVAILABLE);
  EXPECT_EQ(static_cast<int>(Code::out_of_range), TA_OUT_OF_RANGE);
  EXPECT_EQ(enumNames<Code>().size(), static_cast<std::size_t>(TA_INTERNAL) + 1);
}

}  // namespace
}  // namespace testarena
