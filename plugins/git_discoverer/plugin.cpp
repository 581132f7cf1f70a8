// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include <testarena/plugin.h>

#include "git_discoverer.h"
#include "manifest_schema.h"

namespace testarena {
namespace {

constexpr std::string_view kBefore = R"({
  "name": "git_discoverer", "version": "1.0.0",
  "description": "Branches and scenarios of a git repository, given by its path or URL",
  "interfaces": [{
    "id": "discoverer/1",
    "max_concurrency": 8,
    "config": {"type": "object", "additionalProperties": false, "required": ["repository"], "properties": {
      "repository": {"type": "string", "minLength": 1, "x-inherit": true,
        "description": "Absolute path of a git repository, or a URL: https://, ssh://, user@host:path, file:///"},
      "branches": {"type": "array", "items": {"type": "string", "minLength": 1}, "default": [],
        "description": "Patterns of the branches that may be chosen, as in release/*; none: all"},
      "data": {"type": "string", "format": "path", "x-inherit": true,
        "description": "Folder below which mirrors of repositories with a URL are kept"},
      "refresh": {"type": "string", "format": "duration", "default": "30s",
        "description": "How old the mirror of a URL may be when names of branches are completed"},
      "timeout": {"type": "string", "format": "duration", "default": "60s",
        "description": "How long one look into the repository may take"},
      "credentials_file": {"type": "string", "format": "path", "x-inherit": true,
        "description": "For https: names and passwords in the format of git-credential-store"},
      "key_file": {"type": "string", "format": "path", "x-inherit": true,
        "description": "For ssh: the private key; else those of the server's account"},
      "known_hosts_file": {"type": "string", "format": "path", "x-inherit": true,
        "description": "For ssh: the keys of known hosts; else those of the server's account. Unknown hosts are refused"},
      "scenarios": )";
constexpr std::string_view kAfter = "}}}]}";
constexpr auto kText = manifest::joined<kBefore, manifest::kScenariosSchema, kAfter>();
constexpr std::string_view kManifest(kText.data(), kText.size());

}  // namespace
}  // namespace testarena

TESTARENA_PLUGIN(testarena::kManifest, TA_OFFER(testarena::Discoverer, testarena::GitDiscoverer))
