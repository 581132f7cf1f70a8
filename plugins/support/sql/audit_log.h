// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <testarena/storage.h>

#include "connection.h"

namespace testarena::sql {

/// To be called in the transaction of the change that the line is about.
void appendAudit(Connection& connection, const Audit& audit);

AuditPage listAudit(Connection& connection, const AuditRequest& request);

const std::vector<const Query*>& auditQueries();

}  // namespace testarena::sql
