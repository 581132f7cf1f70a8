// SPDX-License-Identifier: Apache-2.0
// What the script says of jobs, in the host's words.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <testarena/executor.h>

#include "plan_text.h"

namespace testarena::ssh_executor {

/// The first line of an answer, and what follows it.
std::string_view firstLine(std::string_view text);
std::string_view behindFirstLine(std::string_view text);

/// The number in a line behind a word; 0 if it does not begin with the word, or no number follows.
int64_t numberAfter(std::string_view line, std::string_view word);

using RecordPtr = std::shared_ptr<const Record>;

/// A job as `status` of the script tells it.
struct ToldJob {
  struct Run {
    std::string name;  ///< "setup", or the number of a run in the order
    bool hasEnded = false;
    int64_t log_bytes = 0;  ///< of one that has not
    std::string notes;
  };
  std::string job;
  bool isUnknown = false;
  RecordPtr record;  ///< if it was asked for
  bool hasEnded = false;
  bool isAborted = false;
  bool hasBegun = false;
  bool isCheckedOut = false;
  std::string failure;  ///< notes; empty: none
  std::vector<Run> runs;
};

/// Throws Unavailable: this is no answer of the script.
std::vector<ToldJob> parseStatus(std::string_view answer);

/// The job's state, by the same rules as those of local_executor.
JobStatus statusOf(const ToldJob& told, const Record& record);

/// The number of the run in the order; unset if the job has no such run.
std::optional<std::size_t> numberOf(const Record& record, const std::string& scenario, int64_t attempt);

}  // namespace testarena::ssh_executor
