// SPDX-License-Identifier: Apache-2.0
// The audit log: one line with each change, in the same transaction, none without.
#include "storage_contract.h"

namespace testarena::contract {

TEST_P(StorageContract, auditLinesAreKeptWholeNewestFirst) {
  storage().append_audit({at(1), "anna", "2001:db8::1", "session.login", "user anna", "by password"}, call());
  storage().append_audit({at(2), "", "", "job.lost", "job 3", ""}, call());
  const AuditPage page = storage().list_audit({}, call());
  ASSERT_EQ(page.entries.size(), 2U);
  EXPECT_EQ(page.entries[0].audit.action, "job.lost");
  EXPECT_EQ(shown(page.entries[1].audit),
            shown(Audit{at(1), "anna", "2001:db8::1", "session.login", "user anna", "by password"}));
  EXPECT_GT(page.entries[0].number, page.entries[1].number);
  EXPECT_FALSE(page.next);
}

TEST_P(StorageContract, theAuditLogComesInPages) {
  for (int i = 0; i < 7; ++i) storage().append_audit(audit("a" + std::to_string(i)), call());
  for (std::int64_t limit = 1; limit <= 8; ++limit) {
    AuditRequest request;
    request.limit = limit;
    std::string seen;
    for (;;) {
      const AuditPage page = storage().list_audit(request, call());
      for (const AuditEntry& entry : page.entries) seen += entry.audit.action;
      if (!page.next) break;
      request.after = page.next;
    }
    EXPECT_EQ(seen, "a6a5a4a3a2a1a0") << limit;
  }
  EXPECT_THROW(storage().list_audit({{}, 0}, call()), Invalid);
}

TEST_P(StorageContract, everyChangeThatCarriesALineWritesExactlyOne) {
  const auto added = [&](const std::function<void()>& change) {
    const std::size_t before = auditCount();
    change();
    return auditCount() - before;
  };
  EXPECT_EQ(added([&] { submitFor("anna"); }), 1U);
  EXPECT_EQ(added([&] { ask(1, Intent::abort); }), 1U);
  EXPECT_EQ(added([&] { remove(1); }), 1U);
  EXPECT_EQ(added([&] { createUser("anna"); }), 1U);
  EXPECT_EQ(added([&] { disable("anna"); }), 1U);
  EXPECT_EQ(added([&] { storage().update_user({person("anna"), audit("user.enable")}, call()); }), 1U);
  EXPECT_EQ(added([&] { storage().create_token({token("t1", "anna"), audit("token.create")}, call()); }), 1U);
  EXPECT_EQ(added([&] { storage().delete_token({token("t1", "anna"), audit("token.delete")}, call()); }), 1U);
  EXPECT_EQ(added([&] { storage().append_audit(audit("anything"), call()); }), 1U);
  EXPECT_EQ(added([&] { storage().update_job(changeOf(anyJob(1)), call()); }), 0U);
  EXPECT_EQ(added([&] { purge(1); }), 0U);
}

// The line fails (NUL), so the change must not be there either.
TEST_P(StorageContract, noChangeWithoutItsLine) {
  Audit bad = audit("x");
  bad.detail = std::string("a\0b", 3);
  NewJob wished = wish();
  wished.audit = bad;
  EXPECT_THROW(submit(wished), Invalid);
  EXPECT_THROW(storage().create_user({person("anna"), bad}, call()), Invalid);
  EXPECT_THROW(storage().get_user({"anna"}, call()), NotFound);
  const std::int64_t id = submitFor("anna");
  EXPECT_THROW(storage().request_intent({id, Intent::remove, "", bad}, call()), Invalid);
  EXPECT_TRUE(isThere(id));
}

}  // namespace testarena::contract
