// SPDX-License-Identifier: Apache-2.0
// The JSON Schema of a Manifest in a configuration, and how it gets into the manifest of a plugin that takes one:
//
//     constexpr std::string_view kBefore = R"({"name": ... "scenarios": )", kAfter = R"(, ... })";
//     constexpr auto kText = manifest::joined<kBefore, manifest::kScenariosSchema, kAfter>();
//     constexpr std::string_view kManifest(kText.data(), kText.size());
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace testarena::manifest {

inline constexpr std::string_view kScenariosSchema = R"({
  "type": "object", "additionalProperties": false, "x-inherit": true,
  "description": "What .testarena.toml says, for commits that have none", "properties": {
    "setup": {"type": "object", "additionalProperties": false, "required": ["command"], "properties": {
      "command": {"type": "array", "items": {"type": "string"}, "minItems": 1,
        "description": "Program and arguments, run once per job in the checkout"},
      "timeout_s": {"type": "integer", "minimum": 1, "description": "Seconds"}}},
    "scenarios": {"type": "array", "items": {"type": "object", "additionalProperties": false, "properties": {
      "glob": {"type": "string", "description": "Files that are scenarios"},
      "name": {"type": "string", "description": "One scenario by name"},
      "lister": {"type": "string", "enum": ["ctest"], "description": "Asks a build folder which tests it has"},
      "command": {"type": "array", "items": {"type": "string"}, "minItems": 1,
        "description": "Program and arguments; {path} {name} {commit} {job} are replaced"},
      "build_dir": {"type": "string", "description": "Of a lister"},
      "timeout_s": {"type": "integer", "minimum": 1, "description": "Seconds"},
      "tags": {"type": "array", "items": {"type": "string"}},
      "description": {"type": "string"}}}},
    "results": {"type": "object", "additionalProperties": false, "properties": {
      "junit": {"type": "array", "items": {"type": "string"}, "description": "Reports with test cases"},
      "tap": {"type": "array", "items": {"type": "string"}, "description": "Reports with test cases"},
      "artifacts": {"type": "array", "items": {"type": "string"}, "description": "Files to keep with the run"}}}}
})";

/// The texts in one, made by the compiler: the manifest of a plugin is there before any of its code runs.
template <const std::string_view&... kParts>
constexpr auto joined() {
  std::array<char, (kParts.size() + ...)> text{};
  std::size_t at = 0;
  const auto append = [&](std::string_view part) {
    for (const char c : part) text[at++] = c;
  };
  (append(kParts), ...);
  return text;
}

}  // namespace testarena::manifest
