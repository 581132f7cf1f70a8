// SPDX-License-Identifier: Apache-2.0
#include <testarena/plugin.h>

#include "dummy_executor.h"

namespace {

constexpr char kManifest[] = R"json({
  "name": "dummy_executor", "version": "1.0.0",
  "description": "Runs nothing: the names of the scenarios say how they end. For tests and for trying things out",
  "interfaces": [{
    "id": "executor/1",
    "max_concurrency": 0,
    "config": {"type": "object", "additionalProperties": false, "properties": {
      "idempotency": {"type": "string", "enum": ["c0", "c1", "c2", "c3"], "default": "c3",
        "description": "What it can prove about a submission whose answer was lost"},
      "in_flight": {"type": "string", "format": "duration", "default": "0ms",
        "description": "How long a request may be under way, with c1 and c2"},
      "slots": {"type": "integer", "minimum": 1, "default": 4, "description": "How many runs may be under way at once"},
      "push": {"type": "boolean", "default": true, "description": "Tells of changes by itself"},
      "latency": {"type": "string", "format": "duration", "default": "0ms",
        "description": "How long a run takes whose name does not say so"}
    }}
  }]
})json";

}  // namespace

TESTARENA_PLUGIN(kManifest, TA_OFFER(testarena::Executor, testarena::dummy_executor::DummyExecutor))
