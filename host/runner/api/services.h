// SPDX-License-Identifier: Apache-2.0
// What handlers work with. Everything in it lives longer than the front.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include <testarena/executor.h>

#include "admission.h"
#include "credentials.h"
#include "dispatcher.h"
#include "log.h"
#include "long_polls.h"
#include "queue_table.h"
#include "static_files.h"

namespace testarena::runner {

struct Services {
  QueueTable& table;
  Dispatcher& dispatcher;
  Admission& admission;
  Executor& executor;
  LongPolls& polls;
  Credentials& credentials;
  const http::StaticFiles& pages;
  std::string prefix;  ///< "/api", or empty
  std::function<std::string()> metrics;
  std::function<bool()> stopping;

  /// A call made for a request: taken back when the runner stops, and in plugins' log lines by the request's id.
  Call call(std::chrono::milliseconds limit) const { return Call(limit, currentTrace(), stopping); }
};

}  // namespace testarena::runner
