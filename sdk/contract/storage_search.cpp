// SPDX-License-Identifier: Apache-2.0
// list_jobs with `q`: a job id, or part of a user's name.
#include "storage_contract.h"

namespace testarena::contract {
namespace {

JobQuery search(const std::string& q) {
  JobQuery query;
  query.q = q;
  return query;
}

using Ids = std::vector<std::int64_t>;

}  // namespace

TEST_P(StorageContract, searchFindsTheJobWithThatId) {
  for (int i = 0; i < 12; ++i) submitFor("anna");
  EXPECT_EQ(listed(search("7")), Ids{7});
  EXPECT_EQ(listed(search("12")), Ids{12});
}

TEST_P(StorageContract, searchFindsPartsOfNamesWithoutRegardToCase) {
  submitFor("Anna.Lind");
  submitFor("bert");
  submitFor("joanna");
  submitFor("BERTA");
  EXPECT_EQ(listed(search("anna")), (Ids{3, 1}));
  EXPECT_EQ(listed(search("ANNA")), (Ids{3, 1}));
  EXPECT_EQ(listed(search("a.l")), Ids{1});
  EXPECT_EQ(listed(search("bert")), (Ids{4, 2}));
  EXPECT_EQ(listed(search("t")), (Ids{4, 2}));
  EXPECT_TRUE(listed(search("annab")).empty());
}

TEST_P(StorageContract, searchKnowsTheCaseOfAllLetters) {
  submitFor("Ärzte");
  submitFor("ΣΊΣΥΦΟΣ");
  EXPECT_EQ(listed(search("äRZ")), Ids{1});
  EXPECT_EQ(listed(search("υφο")), Ids{2});
}

TEST_P(StorageContract, searchFindsIdAndNamesTogether) {
  submitFor("anna");
  submitFor("robot2");
  submitFor("r2d2");
  submitFor("anna");
  EXPECT_EQ(listed(search("2")), (Ids{3, 2})) << "job 2 is robot2's: once";
  EXPECT_EQ(listed(search("1")), Ids{1});
  EXPECT_EQ(listed(search("4")), Ids{4});
}

TEST_P(StorageContract, whatIsNoIdIsNotTakenForOne) {
  for (int i = 0; i < 3; ++i) submitFor("anna");
  for (const char* q : {"01", "+1", "-1", "1.0", "1e0", " 1", "1 ", "0x1", "1,", "١", "9223372036854775808",
                        "99999999999999999999999999"}) {
    EXPECT_TRUE(listed(search(q)).empty()) << q;
  }
}

TEST_P(StorageContract, patternsAreNothingButText) {
  submitFor("anna");
  submitFor("a%b_c\\d*e?f");
  submitFor("o'neill\"; DROP TABLE jobs; --");
  EXPECT_EQ(listed(search("%")), Ids{2});
  EXPECT_EQ(listed(search("_")), Ids{2});
  EXPECT_EQ(listed(search("\\")), Ids{2});
  EXPECT_EQ(listed(search("*")), Ids{2});
  EXPECT_EQ(listed(search("?")), Ids{2});
  EXPECT_EQ(listed(search("'")), Ids{3});
  EXPECT_TRUE(listed(search("a%a")).empty());
  EXPECT_TRUE(listed(search("' OR 1=1--")).empty());
  EXPECT_TRUE(listed(search("' OR '1'='1")).empty());
}

TEST_P(StorageContract, searchComesInPages) {
  for (int i = 0; i < 30; ++i) submitFor("user-" + std::to_string(i % 4));
  Ids expected;
  for (std::int64_t id = 30; id >= 1; --id) {
    if ((id - 1) % 4 != 3) expected.push_back(id);
  }
  for (std::int64_t limit = 1; limit < 30; limit += 4) {
    JobQuery query = search("user-");
    query.limit = limit;
    EXPECT_EQ(listedPageByPage(query).size(), 30U);
  }
  for (int i = 0; i < 30; ++i) {
    if (i % 4 == 3) remove(i + 1);
  }
  JobQuery query = search("USER");
  query.limit = 4;
  EXPECT_EQ(listedPageByPage(query), expected);
}

TEST_P(StorageContract, searchRespectsTheFilters) {
  for (const char* user : {"anna", "bert", "anna", "johanna"}) submitFor(user);
  NewJob elsewhere = wish("anna");
  elsewhere.environment = "lab-2";
  submit(elsewhere);
  finish(3, State::passed);

  JobQuery query = search("anna");
  EXPECT_EQ(listed(query), (Ids{5, 4, 3, 1}));
  query.environment = "lab-1";
  EXPECT_EQ(listed(query), (Ids{4, 3, 1}));
  query.user = "anna";
  EXPECT_EQ(listed(query), (Ids{3, 1}));
  query.state = State::passed;
  EXPECT_EQ(listed(query), Ids{3});
  query.branch = "topic";
  EXPECT_TRUE(listed(query).empty());

  JobQuery id = search("5");
  id.environment = "lab-1";
  EXPECT_TRUE(listed(id).empty()) << "the filters hold for the id as well";
  id.environment = "lab-2";
  EXPECT_EQ(listed(id), Ids{5});
  id.after = 5;
  EXPECT_TRUE(listed(id).empty());
}

TEST_P(StorageContract, aUserOfPurgedJobsOnlyIsNotFound) {
  const std::int64_t id = submitFor("anna");
  remove(id);
  purge(id);
  EXPECT_TRUE(listed(search("anna")).empty());
  const std::int64_t again = submitFor("anna");
  EXPECT_EQ(listed(search("anna")), Ids{again});
}

}  // namespace testarena::contract
