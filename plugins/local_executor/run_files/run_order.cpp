// SPDX-License-Identifier: Apache-2.0
#include "run_order.h"

#include <stdexcept>

namespace testarena::local_executor {

Notes toNotes(const RunOrder& order) {
  Notes notes;
  for (const std::string& argument : order.command) notes.add("argument", argument);
  for (const std::string& variable : order.environment) notes.add("variable", variable);
  notes.add("folder", order.folder);
  notes.add("account", order.account);
  notes.add("abort_mark", order.abort_mark);
  notes.add("run_abort_mark", order.run_abort_mark);
  notes.add("time_limit_ms", order.time_limit_ms);
  notes.add("output_limit", order.output_limit);
  notes.add("process_limit", order.process_limit);
  notes.add("account_process_limit", order.account_process_limit);
  notes.add("grace_ms", order.grace_ms);
  return notes;
}

RunOrder readRunOrder(const Notes& notes) {
  RunOrder order;
  order.command = notes.all("argument");
  if (order.command.empty()) throw std::runtime_error("no command");
  order.environment = notes.all("variable");
  order.folder = notes.text("folder");
  order.account = notes.text("account");
  order.abort_mark = notes.text("abort_mark");
  for (const std::string& mark : notes.all("run_abort_mark")) order.run_abort_mark = mark;  // orders of old have none
  order.time_limit_ms = notes.number("time_limit_ms");
  order.output_limit = notes.number("output_limit");
  order.process_limit = notes.number("process_limit");
  order.account_process_limit = notes.number("account_process_limit");
  order.grace_ms = notes.number("grace_ms");
  return order;
}

}  // namespace testarena::local_executor
