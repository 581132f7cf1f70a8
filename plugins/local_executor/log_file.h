// SPDX-License-Identifier: Apache-2.0
// Logs by offset.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include <testarena/executor.h>

#include "job.h"

namespace testarena::local_executor {

struct LogPlace {
  std::filesystem::path file;    ///< empty: nothing was ever written, or not yet
  std::optional<int64_t> final;  ///< how long it is, once it cannot grow
};

/// To be called under the table's lock. Throws NotFound for a job (null) or run that is not known.
LogPlace placeOfLog(const Job* job, const LogRequest& request);

/// [offset, offset + limit) of it, or less. Throws Invalid for a negative offset or a limit below 1, std::system_error.
LogPart readLog(const LogPlace& place, int64_t offset, int64_t limit);

/// The same for any open file of the given size.
LogPart readPart(int file, int64_t size, bool isFinal, int64_t offset, int64_t limit);

}  // namespace testarena::local_executor
