// SPDX-License-Identifier: Apache-2.0
// The manifest: what the plugin is called and which keys it takes.
#include <testarena/plugin.h>

#include "http_executor.h"

namespace {

constexpr char kManifest[] = R"json({
  "name": "http_executor", "version": "1.0.0",
  "description": "Drives a remote execution server over HTTP: testarena-runner, or one that exists already",
  "interfaces": [{
    "id": "executor/1",
    "max_concurrency": 0,
    "config": {"type": "object", "additionalProperties": false, "required": ["url", "data", "environment"],
    "properties": {
      "url": {"type": "string", "format": "uri",
        "description": "Where the server is, http:// or https://, without the prefix"},
      "prefix": {"type": "string", "default": "/api",
        "description": "What its paths begin with"},
      "control_prefix": {"type": "string", "default": "",
        "description": "The same for abort and delete, where that differs; \"/\" is none. By default as `prefix`"},
      "remote_environment": {"type": "string", "default": "",
        "description": "What the server calls the environment; by default as it is called here"},
      "id_prefix": {"type": "string", "default": "", "maxLength": 64,
        "description": "Put before the ids of jobs, where several hosts share the server"},
      "token": {"type": "string", "default": "", "x-secret": true,
        "description": "Sent as Authorization: Bearer; by default nothing is sent"},
      "ca_file": {"type": "string", "format": "path",
        "description": "For https: a file (PEM) with the authorities to be believed; by default the system's"},
      "timeout": {"type": "string", "format": "duration", "default": "10s", "minimum": "100ms",
        "description": "How long one request may take, from the connection to the last byte of the answer"},
      "max_connections": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 8,
        "description": "How many requests may be under way at once"},
      "in_flight": {"type": "string", "format": "duration", "default": "15s",
        "description": "Existing servers: how long a request may still be under way whose answer did not come"},
      "poll_interval": {"type": "string", "format": "duration", "default": "1s", "minimum": "50ms",
        "description": "Existing servers: how often a running job is asked for at most"},
      "verdict_fields": {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1,
        "default": ["result", "verdict", "status"],
        "description": "Existing servers: where the verdict of a task stands, the first that has one counts"},
      "pass_words": {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1,
        "default": ["PASS", "PASSED"],
        "description": "Existing servers: words that mean passed, in any case of letters"},
      "fail_words": {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1,
        "default": ["FAIL", "FAILED"],
        "description": "Existing servers: words that mean failed"},
      "log_url": {"type": "string", "default": "",
        "description": "Existing servers: address of a run's log, with {job}, {task}, {scenario}, {path}, {attempt} in it; with {job} alone there is one for the job"},
      "log_refresh": {"type": "string", "format": "duration", "default": "5s", "minimum": "100ms",
        "description": "Existing servers: how often the log of a running task is fetched again at most"},
      "log_limit": {"type": "string", "format": "size", "default": "1GiB",
        "description": "Existing servers: how long a log may be"},
      "report_url": {"type": "string", "default": "",
        "description": "Existing servers: address of a run's report, as log_url"},
      "data": {"type": "string", "format": "path", "x-inherit": true,
        "description": "The data folder; what must not be forgotten of jobs is kept below executors/ENVIRONMENT in it"},
      "environment": {"type": "string", "minLength": 1, "x-inherit": true,
        "description": "The name of the environment"}
    }}
  }]
})json";

}  // namespace

TESTARENA_PLUGIN(kManifest, TA_OFFER(testarena::Executor, testarena::http_executor::HttpExecutor))
