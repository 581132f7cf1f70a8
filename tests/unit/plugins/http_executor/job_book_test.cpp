// SPDX-License-Identifier: Apache-2.0
#include "job_book.h"

#include <gtest/gtest.h>

#include <testarena/error.h>

#include "temporary_folder.h"

namespace testarena::http_executor {
namespace {

class JobBookTest : public testing::Test {
 protected:
  static JobRecord record() {
    JobRecord record;
    record.submission = {"7", "lab", "ada", "main", std::string(40, 'a'), {{"boot \"é\"\n", "checks/boot.xml", 1, ""}}};
    RunRecord& run = record.runs.emplace_back();
    run.status.scenario = "boot \"é\"\n";
    run.status.state = State::errored;
    run.status.reason = "no verdict";
    run.status.finished_at = Time(std::chrono::microseconds(1'772'366'400'123'456));
    run.end_told = true;
    return record;
  }
  const test::TemporaryFolder folder_;
  const JobBook book_{folder_ / "a/jobs"};
};

TEST_F(JobBookTest, keepsWhatWasWritten) {
  EXPECT_FALSE(book_.load("7"));
  book_.save(record());
  EXPECT_TRUE(JobBook(folder_ / "a/jobs").load("7").value() == record());
  JobRecord later = record();
  later.abort_asked = true;
  book_.save(later);
  EXPECT_TRUE(book_.load("7").value() == later);
  book_.forget("7");
  book_.forget("7");
  EXPECT_FALSE(book_.load("7"));
}

TEST_F(JobBookTest, aDamagedFileIsNamed) {
  book_.save(record());
  const std::string whole = test::readFile(folder_ / "a/jobs/7");
  for (const std::string& text :
       {std::string(), whole.substr(0, whole.size() - 1), std::string("{}"), std::string("[]")}) {
    test::writeFile(folder_ / "a/jobs/7", text);
    try {
      book_.load("7");
      ADD_FAILURE() << text;
    } catch (const Internal& error) {
      EXPECT_NE(std::string(error.what()).find("a/jobs/7"), std::string::npos);
    }
  }
}

TEST_F(JobBookTest, whatCannotBeWrittenIsAnError) {
  test::writeFile(folder_ / "a", "a file where a folder should be");
  EXPECT_THROW(book_.save(record()), Unavailable);
}

}  // namespace
}  // namespace testarena::http_executor
