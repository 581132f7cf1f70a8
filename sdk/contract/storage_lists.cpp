// SPDX-License-Identifier: Apache-2.0
// list_jobs: order, pages, filters.
#include <atomic>
#include <set>
#include <thread>

#include "storage_contract.h"

namespace testarena::contract {
namespace {

std::vector<std::int64_t> down(std::int64_t from, std::int64_t to) {
  std::vector<std::int64_t> ids;
  for (std::int64_t id = from; id >= to; --id) ids.push_back(id);
  return ids;
}

}  // namespace

TEST_P(StorageContract, anEmptyListHasNoNextPage) {
  const JobPage page = storage().list_jobs({}, call());
  EXPECT_TRUE(page.jobs.empty());
  EXPECT_FALSE(page.next);
}

TEST_P(StorageContract, theNewestJobComesFirst) {
  for (int i = 0; i < 5; ++i) submitFor("anna");
  EXPECT_EQ(listed({}), down(5, 1));
}

TEST_P(StorageContract, aRowIsThatOfTheJob) {
  const std::int64_t id = submitFor("anna");
  finish(id, State::failed);
  EXPECT_EQ(shown(storage().list_jobs({}, call()).jobs.at(0)), shown(job(id).row));
}

TEST_P(StorageContract, aFullLastPageHasNoNext) {
  for (int i = 0; i < 4; ++i) submitFor("anna");
  JobQuery query;
  query.limit = 2;
  const JobPage first = storage().list_jobs(query, call());
  ASSERT_TRUE(first.next);
  query.after = first.next;
  const JobPage second = storage().list_jobs(query, call());
  EXPECT_EQ(idsOf(second.jobs), down(2, 1));
  EXPECT_FALSE(second.next);
}

TEST_P(StorageContract, pagesOfEverySizeShowEachJobOnce) {
  for (int i = 0; i < 11; ++i) submitFor("anna");
  for (std::int64_t limit = 1; limit <= 12; ++limit) {
    JobQuery query;
    query.limit = limit;
    EXPECT_EQ(listedPageByPage(query), down(11, 1)) << limit;
  }
}

TEST_P(StorageContract, aLimitIsFromOneToFiveHundred) {
  submitFor("anna");
  for (const std::int64_t limit : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{501}, INT64_MAX}) {
    JobQuery query;
    query.limit = limit;
    EXPECT_THROW(storage().list_jobs(query, call()), Invalid) << limit;
  }
  JobQuery most;
  most.limit = 500;
  EXPECT_EQ(listed(most).size(), 1U);
}

TEST_P(StorageContract, afterIsABoundAndNeedNotBeAJob) {
  for (int i = 0; i < 3; ++i) submitFor("anna");
  JobQuery query;
  for (const auto& [after, expected] : std::vector<std::pair<std::int64_t, std::vector<std::int64_t>>>{
           {1000, down(3, 1)}, {3, down(2, 1)}, {1, {}}, {0, {}}, {-5, {}}, {INT64_MAX, down(3, 1)}}) {
    query.after = after;
    EXPECT_EQ(listed(query), expected) << after;
  }
}

TEST_P(StorageContract, eachFilterAndAllTogetherNarrowTheList) {
  struct Submission {
    const char* user;
    const char* environment;
    const char* branch;
  };
  for (const Submission& s : std::vector<Submission>{{"anna", "lab-1", "main"},
                                                     {"bert", "lab-1", "main"},
                                                     {"anna", "lab-2", "main"},
                                                     {"anna", "lab-1", "topic"},
                                                     {"anna", "lab-1", "main"}}) {
    NewJob wished = wish(s.user);
    wished.environment = s.environment;
    wished.branch = s.branch;
    submit(wished);
  }
  finish(1, State::passed);

  JobQuery query;
  query.user = "anna";
  EXPECT_EQ(listed(query), (std::vector<std::int64_t>{5, 4, 3, 1}));
  query.environment = "lab-1";
  EXPECT_EQ(listed(query), (std::vector<std::int64_t>{5, 4, 1}));
  query.branch = "main";
  EXPECT_EQ(listed(query), (std::vector<std::int64_t>{5, 1}));
  query.state = State::passed;
  EXPECT_EQ(listed(query), (std::vector<std::int64_t>{1}));
  query.state = State::waiting;
  EXPECT_EQ(listed(query), (std::vector<std::int64_t>{5}));
  query.state = State::aborted;
  EXPECT_TRUE(listed(query).empty());
}

TEST_P(StorageContract, filtersAreWholeValues) {
  submitFor("anna");
  for (const char* part : {"ann", "nna", "anna ", "%", "_nna", "a%"}) {
    JobQuery query;
    query.user = part;
    EXPECT_TRUE(listed(query).empty()) << part;
  }
  JobQuery branch;
  branch.branch = "mai_";
  EXPECT_TRUE(listed(branch).empty());
}

TEST_P(StorageContract, theUserIsFoundWithoutRegardToCase) {
  submitFor("Anna");
  submitFor("ANNA");
  JobQuery query;
  query.user = "anna";
  EXPECT_EQ(listed(query), down(2, 1));
  EXPECT_EQ(job(1).row.user, "Anna") << "shown as it was given";
}

TEST_P(StorageContract, aFilterByAStateThatIsNoneIsInvalid) {
  JobQuery query;
  query.state = State::unknown;
  EXPECT_THROW(storage().list_jobs(query, call()), Invalid);
  query.state = State::skipped;
  EXPECT_TRUE(listed(query).empty()) << "jobs are never skipped";
}

TEST_P(StorageContract, aJobMovesFromOneStatesListToAnothers) {
  const std::int64_t id = submitFor("anna");
  JobQuery waiting;
  waiting.state = State::waiting;
  JobQuery passed;
  passed.state = State::passed;
  EXPECT_EQ(listed(waiting), (std::vector<std::int64_t>{id}));
  finish(id, State::passed);
  EXPECT_TRUE(listed(waiting).empty());
  EXPECT_EQ(listed(passed), (std::vector<std::int64_t>{id}));
}

// What was there when the paging began is shown exactly once, however many jobs come meanwhile.
TEST_P(StorageContract, pagingIsCompleteWhileJobsAreSubmitted) {
  constexpr std::int64_t kBefore = 60;
  for (std::int64_t i = 0; i < kBefore; ++i) submitFor(i % 2 == 0 ? "anna" : "bert");
  std::atomic<bool> stop{false};
  std::atomic<int> submitted{0};
  std::thread submitter([&] {
    Call own(std::chrono::minutes(5));
    NewJob wished;
    wished.user = "anna";
    wished.environment = "lab-1";
    while (!stop) {
      storage().create_job(wished, own);
      ++submitted;
    }
  });
  for (int round = 0; round < 10 || submitted < 10; ++round) {
    JobQuery query;
    query.limit = 1 + round % 7;
    const std::vector<std::int64_t> seen = listedPageByPage(query);
    EXPECT_TRUE(std::is_sorted(seen.rbegin(), seen.rend()));
    EXPECT_EQ(std::set<std::int64_t>(seen.begin(), seen.end()).size(), seen.size()) << "none twice";
    ASSERT_GE(seen.size(), static_cast<std::size_t>(kBefore));
    EXPECT_EQ(std::vector<std::int64_t>(seen.end() - kBefore, seen.end()), down(kBefore, 1)) << "none left out";
  }
  stop = true;
  submitter.join();
}

}  // namespace testarena::contract
