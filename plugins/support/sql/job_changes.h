// SPDX-License-Identifier: Apache-2.0
// Jobs move on: the reconciler's changes and people's wishes. What each does is said at testarena::Storage.
#pragma once

#include <testarena/storage.h>

#include "connection.h"

namespace testarena::sql {

JobRevision updateJob(Connection& connection, const JobUpdate& update);
IntentAnswer requestIntent(Connection& connection, const IntentRequest& request);

const std::vector<const Query*>& jobChangeQueries();

}  // namespace testarena::sql
