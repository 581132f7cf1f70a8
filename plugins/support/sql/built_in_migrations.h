// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "migrations.h"

namespace testarena::sql {

/// The schema of the database this library is linked into; defined by testarena_embed_migrations().
const std::vector<Migration>& builtInMigrations();

}  // namespace testarena::sql
