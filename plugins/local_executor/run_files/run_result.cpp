// SPDX-License-Identifier: Apache-2.0
#include "run_result.h"

#include <stdexcept>

namespace testarena::local_executor {

Notes toNotes(const RunResult& result) {
  Notes notes;
  notes.add("ending", enumName(result.ending));
  notes.add("exit_code", result.exit_code);
  notes.add("signal", result.signal);
  notes.add("reason", result.reason);
  if (result.started_at_us) notes.add("started_at_us", *result.started_at_us);
  notes.add("finished_at_us", result.finished_at_us);
  notes.add("log_bytes", result.log_bytes);
  return notes;
}

RunResult readRunResult(const Notes& notes) {
  RunResult result;
  const std::optional<Ending> ending = enumValue<Ending>(notes.text("ending"));
  if (!ending || *ending == Ending::unknown) throw std::runtime_error("no such ending: " + notes.text("ending"));
  result.ending = *ending;
  result.exit_code = notes.number("exit_code");
  result.signal = notes.number("signal");
  result.reason = notes.text("reason");
  result.started_at_us = notes.optionalNumber("started_at_us");
  result.finished_at_us = notes.number("finished_at_us");
  result.log_bytes = notes.number("log_bytes");
  return result;
}

}  // namespace testarena::local_executor
