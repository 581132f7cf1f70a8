// SPDX-License-Identifier: Apache-2.0
#include "audit_log.h"

#include "paging.h"

namespace testarena::sql {
namespace {

constexpr Query kAppend{
    "append_audit", "INSERT INTO audit (at, actor, address, action, subject, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    Path::hot};
constexpr Query kList{"list_audit",
                      "SELECT number, at, actor, address, action, subject, detail FROM audit WHERE number < ?1 "
                      "ORDER BY number DESC LIMIT ?2"};

}  // namespace

void appendAudit(Connection& connection, const Audit& audit) {
  connection.run(kAppend, audit);
}

AuditPage listAudit(Connection& connection, const AuditRequest& request) {
  checkLimit(request.limit, 1000);
  AuditPage page;
  page.entries = connection.all<AuditEntry>(kList, request.after.value_or(kNoBound), request.limit + 1);
  if (takeSurplus(page.entries, request.limit)) page.next = page.entries.back().number;
  return page;
}

const std::vector<const Query*>& auditQueries() {
  static const std::vector<const Query*> queries{&kAppend, &kList};
  return queries;
}

}  // namespace testarena::sql
