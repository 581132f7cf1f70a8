// SPDX-License-Identifier: Apache-2.0
// What was acknowledged is there, whatever killed the process.
#include <algorithm>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "child.h"
#include "quiet_host.h"
#include "sqlite_storage.h"
#include "temporary_folder.h"

namespace testarena::sqlite {
namespace {

std::int64_t countAudits(Storage& storage, Call& call) {
  std::int64_t count = 0;
  AuditRequest request;
  request.limit = 1000;
  for (;;) {
    const AuditPage page = storage.list_audit(request, call);
    count += static_cast<std::int64_t>(page.entries.size());
    if (!page.next) return count;
    request.after = page.next;
  }
}

TEST(Kill, whatWasAcknowledgedIsThere) {
  const auto seed = std::random_device{}();
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  test::TemporaryFolder folder;
  Call call(std::chrono::minutes(5));
  std::set<std::int64_t> acknowledged;

  for (int round = 0; round < 8; ++round) {
    {
      test::StorageChild child("write", folder.path().string());
      const int enough = std::uniform_int_distribution<>(1, 150)(random);
      for (int i = 0; i < enough; ++i) {
        const std::string id = child.line();
        ASSERT_FALSE(id.empty()) << "the child ended by itself";
        ASSERT_TRUE(acknowledged.insert(std::stoll(id)).second) << "id " << id << " was given twice";
      }
      child.kill();
      for (std::string id = child.line(); !id.empty(); id = child.line()) acknowledged.insert(std::stoll(id));
    }
    SqliteStorage storage({"testarena.db", folder.path().string()}, test::quietHost());
    storage.open({}, call);
    for (const std::int64_t id : acknowledged) {
      ASSERT_EQ(storage.get_job({id, false}, call).runs.size(), 2U) << "job " << id;
    }
    const Jobs all = storage.open_jobs({"lab-1", 0, 10'000}, call);
    EXPECT_EQ(countAudits(storage, call), static_cast<std::int64_t>(all.jobs.size()))
        << "every job has its audit line, and every line its job";
    EXPECT_GE(all.jobs.back().row.id, *acknowledged.rbegin());
  }
}

}  // namespace
}  // namespace testarena::sqlite
