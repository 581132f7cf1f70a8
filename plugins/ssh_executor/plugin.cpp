// SPDX-License-Identifier: Apache-2.0
// The manifest: what the plugin is called and which keys it takes.
#include <string_view>

#include <testarena/plugin.h>

#include "manifest_schema.h"
#include "settings.h"
#include "ssh_executor.h"

namespace testarena {
namespace {

constexpr std::string_view kBefore = R"({
  "name": "ssh_executor", "version": "1.0.0",
  "description": "Runs scenarios on a machine that is reached by SSH and has nothing installed but git",
  "interfaces": [{
    "id": "executor/1",
    "max_concurrency": 16,
    "config": {"type": "object", "additionalProperties": false,
      "required": ["host", "user", "environment", "repository"], "properties": {)";
constexpr std::string_view kMiddle = R"(
      "repository": {"type": "string", "minLength": 1, "x-inherit": true,
        "description": "Absolute path, on the machine, of the git repository that commits are checked out from"},
      "folder": {"type": "string", "default": ".testarena",
        "description": "Where jobs are kept on the machine; relative to the account's home. No two servers may share it"},
      "slots": {"type": "integer", "minimum": 1, "default": 2,
        "description": "How many runs may be under way at once"},
      "variables": {"type": "array", "items": {"type": "string", "minLength": 2}, "default": [],
        "description": "NAME=value: what setups and scenarios find in their environment, besides their own"},
      "time_limit": {"type": "string", "format": "duration", "default": "1h",
        "description": "How long a run may take that has no limit of its own"},
      "setup_time_limit": {"type": "string", "format": "duration", "default": "30m",
        "description": "How long a setup may take that has no limit of its own"},
      "output_limit": {"type": "string", "format": "size", "default": "10GiB",
        "description": "How much one run may write into its log"},
      "abort_grace": {"type": "string", "format": "duration", "default": "5s",
        "description": "How long a run that is to end may take to do so by itself, after TERM, before it is killed"},
      "timeout": {"type": "string", "format": "duration", "default": "30s",
        "description": "How long one command on the machine may take"},
      "environment": {"type": "string", "minLength": 1, "x-inherit": true,
        "description": "The name of the environment"},
      "scenarios": )";
constexpr std::string_view kAfter = "}}}]}";
constexpr auto kText = manifest::joined<kBefore, ssh::kConnectionSchema, kMiddle, manifest::kScenariosSchema, kAfter>();
constexpr std::string_view kManifest(kText.data(), kText.size());

}  // namespace
}  // namespace testarena

TESTARENA_PLUGIN(testarena::kManifest, TA_OFFER(testarena::Executor, testarena::ssh_executor::SshExecutor))
