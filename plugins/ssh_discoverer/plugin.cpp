// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include <testarena/plugin.h>

#include "manifest_schema.h"
#include "settings.h"
#include "ssh_discoverer.h"

namespace testarena {
namespace {

constexpr std::string_view kBefore = R"({
  "name": "ssh_discoverer", "version": "1.0.0",
  "description": "Branches and scenarios of a git repository on a machine that is reached by SSH",
  "interfaces": [{
    "id": "discoverer/1",
    "max_concurrency": 16,
    "config": {"type": "object", "additionalProperties": false,
      "required": ["host", "user", "repository"], "properties": {)";
constexpr std::string_view kMiddle = R"(
      "repository": {"type": "string", "minLength": 1, "x-inherit": true,
        "description": "Absolute path of the git repository on the machine"},
      "branches": {"type": "array", "items": {"type": "string", "minLength": 1}, "default": [],
        "description": "Patterns of the branches that may be chosen, as in release/*; none: all"},
      "timeout": {"type": "string", "format": "duration", "default": "15s",
        "description": "How long one look into the repository may take"},
      "resolve_command": {"type": "array", "items": {"type": "string"}, "minItems": 1,
        "description": "Tells the commit of {branch} in {repository}: object, ref, author, seconds, subject, a NUL behind each"},
      "branches_command": {"type": "array", "items": {"type": "string"}, "minItems": 1,
        "description": "Lists the branches of {repository}, one a line"},
      "contains_command": {"type": "array", "items": {"type": "string"}, "minItems": 1,
        "description": "Exit code 0 if {commit} is in the history of {tip}, else 1"},
      "files_command": {"type": "array", "items": {"type": "string"}, "minItems": 1,
        "description": "Lists the files of {commit} as git ls-tree -r -z does"},
      "content_command": {"type": "array", "items": {"type": "string"}, "minItems": 1,
        "description": "Writes the content of {object}"},
      "scenarios": )";
constexpr std::string_view kAfter = "}}}]}";
constexpr auto kText = manifest::joined<kBefore, ssh::kConnectionSchema, kMiddle, manifest::kScenariosSchema, kAfter>();
constexpr std::string_view kManifest(kText.data(), kText.size());

}  // namespace
}  // namespace testarena

TESTARENA_PLUGIN(testarena::kManifest, TA_OFFER(testarena::Discoverer, testarena::SshDiscoverer))
