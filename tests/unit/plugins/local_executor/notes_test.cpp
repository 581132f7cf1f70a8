// SPDX-License-Identifier: Apache-2.0
#include "notes.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace testarena::local_executor {
namespace {

using namespace std::string_literals;

TEST(Notes, whatIsWrittenIsReadWhateverTheBytes) {
  std::string every;
  for (int i = 0; i < 256; ++i) every += static_cast<char>(i);
  Notes notes;
  notes.add("bytes", every);
  notes.add("empty", "");
  notes.add("spaces", "  a  b  ");
  notes.add("escape", "\\x41\\");
  notes.add("list", "one");
  notes.add("list", "end");
  notes.add("number", INT64_MIN);
  const Notes read = Notes::parse(notes.render());
  EXPECT_EQ(read.entries(), notes.entries());
  EXPECT_EQ(read.text("bytes"), every);
  EXPECT_EQ(read.all("list"), (std::vector<std::string>{"one", "end"}));
  EXPECT_EQ(read.number("number"), INT64_MIN);
}

TEST(Notes, oneEntryIsOneLineThatPeopleCanRead) {
  Notes notes;
  notes.add("argument", "say \"hi\"\nand go");
  EXPECT_EQ(notes.render(), "argument say \"hi\"\\x0aand go\nend\n");
}

TEST(Notes, everyBeginningOfAFileIsRefusedAsCutShort) {
  Notes notes;
  notes.add("a", "end");
  notes.add("b", "x\ny");
  const std::string whole = notes.render();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THROW(Notes::parse(whole.substr(0, size)), std::runtime_error) << size;
  }
}

TEST(Notes, whatIsNoNoteIsRefused) {
  for (const std::string& text : {"end\nend\n"s, "word\nend\n"s, "a \\\nend\n"s, "a \\x\nend\n"s, "a \\x4\nend\n"s,
                                  "a \\xzz\nend\n"s, "a \\y41\nend\n"s, "\nend\n"s, "end\nx"s, "\0\0\0\0"s}) {
    EXPECT_THROW(Notes::parse(text), std::runtime_error) << testing::PrintToString(text);
  }
}

TEST(Notes, missingEntriesAndNumbersThatAreNoneAreNamed) {
  Notes notes;
  notes.add("word", "12x");
  EXPECT_THAT([&] { notes.text("gone"); }, testing::ThrowsMessage<std::runtime_error>(testing::HasSubstr("gone")));
  EXPECT_THAT([&] { notes.number("word"); }, testing::ThrowsMessage<std::runtime_error>(testing::HasSubstr("12x")));
  EXPECT_EQ(notes.optionalNumber("gone"), std::nullopt);
}

}  // namespace
}  // namespace testarena::local_executor
