// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <testarena/storage.h>

#include "connection.h"

namespace testarena::sql {

void putExpansion(Connection& connection, const Expansion& expansion);
Expansions getExpansions(Connection& connection, const ExpansionsRequest& request);

const std::vector<const Query*>& expansionQueries();

}  // namespace testarena::sql
