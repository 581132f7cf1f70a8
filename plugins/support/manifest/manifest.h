// SPDX-License-Identifier: Apache-2.0
// What a repository says about its own tests: `.testarena.toml`, or the same keys from an environment's configuration.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <testarena/discoverer.h>
#include <testarena/record.h>

namespace testarena::manifest {

inline constexpr std::string_view kFileName = ".testarena.toml";
inline constexpr std::size_t kMaxFileSize = 1 << 20;
inline constexpr std::string_view kCtest = "ctest";
inline constexpr std::string_view kDefaultBuildDir = "build";

// For who compares records of this namespace from another one, as std::vector does.
using testarena::operator==;
using testarena::operator!=;

/// Run once per job in the checkout, before any scenario.
struct Setup {
  std::vector<std::string> command;  ///< an argv; empty: no setup
  int64_t timeout_s = 0;             ///< 0: none of its own
  TA_FIELDS(command, timeout_s)
};

/// One [[scenarios]] table. Exactly one of `glob`, `name`, `lister` is set.
struct Table {
  std::string glob;                  ///< each file that matches is a scenario
  std::string name;                  ///< one scenario of this name
  std::string lister;                ///< `ctest`: the tests it lists after setup are scenarios
  std::vector<std::string> command;  ///< an argv with placeholders; empty for a lister
  std::string build_dir;             ///< of ctest, relative to the checkout; `build` if it does not say
  int64_t timeout_s = 0;             ///< 0: none of its own
  std::vector<std::string> tags;
  std::string description;
  TA_FIELDS(glob, name, lister, command, build_dir, timeout_s, tags, description)
};

/// Globs of files in the checkout that are collected when a run has ended.
struct Results {
  std::vector<std::string> junit;
  std::vector<std::string> tap;
  std::vector<std::string> artifacts;
  TA_FIELDS(junit, tap, artifacts)
};

struct Manifest {
  Setup setup;
  std::vector<Table> scenarios;
  Results results;
  TA_FIELDS(setup, scenarios, results)
};

/// A manifest and what is wrong with it. Whatever has a mistake is left out of `manifest`; the rest is as written.
struct Reading {
  std::string path;  ///< where it stands, for messages
  Manifest manifest;
  std::vector<int64_t> lines;           ///< of each table of `manifest.scenarios`; 0: not known
  bool setup_is_broken = false;         ///< [setup] has a mistake: what is built on it must not run
  std::vector<Diagnostic> diagnostics;  ///< with line and column in `path`
};

/// Reads the text of a `.testarena.toml`. Never throws for what the text says; any bytes are an allowed input.
Reading readManifest(std::string_view text, std::string_view path = kFileName);

/// Checks a manifest that came from a configuration and leaves out what is wrong, as above, without lines.
Reading checkManifest(const Manifest& manifest, std::string_view path);

}  // namespace testarena::manifest
