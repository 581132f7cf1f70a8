// SPDX-License-Identifier: Apache-2.0
// The manifest: what the plugin is called and which keys it takes.
#include <string_view>

#include <testarena/plugin.h>

#include "local_executor.h"
#include "manifest_schema.h"

namespace testarena {
namespace {

constexpr std::string_view kBefore = R"({
  "name": "local_executor", "version": "1.0.0",
  "description": "Runs scenarios on this machine, each under a supervisor that outlives the server",
  "interfaces": [{
    "id": "executor/1",
    "max_concurrency": 0,
    "config": {"type": "object", "additionalProperties": false, "required": ["data", "environment", "repository"],
    "properties": {
      "slots": {"type": "integer", "minimum": 1, "x-inherit": true,
        "description": "How many runs may be under way at once; by default as many as there are processors"},
      "repository": {"type": "string", "minLength": 1, "x-inherit": true,
        "description": "Path or URL of the git repository that commits are checked out from; by default the discoverer's"},
      "run_as": {"type": "string", "default": "",
        "description": "Account that scenarios run under, where the server runs as root; by default the server's own"},
      "time_limit": {"type": "string", "format": "duration", "default": "1h",
        "description": "How long a run may take that has no limit of its own"},
      "setup_time_limit": {"type": "string", "format": "duration", "default": "30m",
        "description": "How long a setup may take that has no limit of its own"},
      "output_limit": {"type": "string", "format": "size", "default": "10GiB",
        "description": "How much one run may write into its log"},
      "process_limit": {"type": "integer", "minimum": 1, "default": 4096,
        "description": "How many processes one run may have at once"},
      "abort_grace": {"type": "string", "format": "duration", "default": "5s",
        "description": "How long a run that is to end may take to do so by itself, after TERM, before it is killed"},
      "supervisor": {"type": "string", "default": "",
        "description": "File of the program testarena-supervisor; by default where it is installed"},
      "credentials_file": {"type": "string", "format": "path", "x-inherit": true,
        "description": "For https: names and passwords in the format of git-credential-store"},
      "key_file": {"type": "string", "format": "path", "x-inherit": true,
        "description": "For ssh: the private key; else those of the server's account"},
      "known_hosts_file": {"type": "string", "format": "path", "x-inherit": true,
        "description": "For ssh: the keys of known hosts; else those of the server's account. Unknown hosts are refused"},
      "data": {"type": "string", "format": "path", "x-inherit": true,
        "description": "The data folder; jobs are kept below executors/ENVIRONMENT in it"},
      "environment": {"type": "string", "minLength": 1, "x-inherit": true,
        "description": "The name of the environment"},
      "scenarios": )";
constexpr std::string_view kAfter = "}}}]}";
constexpr auto kText = manifest::joined<kBefore, manifest::kScenariosSchema, kAfter>();
constexpr std::string_view kManifest(kText.data(), kText.size());

}  // namespace
}  // namespace testarena

TESTARENA_PLUGIN(testarena::kManifest, TA_OFFER(testarena::Executor, testarena::local_executor::LocalExecutor))
