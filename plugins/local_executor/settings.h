// SPDX-License-Identifier: Apache-2.0
// The keys of the configuration (plugin.cpp has their schema), and what they come to.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include <testarena/record.h>

#include "manifest.h"

namespace testarena::local_executor {

struct Settings {
  std::string data;         ///< inherited: the host's data folder
  std::string environment;  ///< inherited: its name
  std::string repository;   ///< inherited, as all that is needed to read it
  std::string credentials_file;
  std::string key_file;
  std::string known_hosts_file;
  manifest::Manifest scenarios;  ///< inherited; what counts on commits without a .testarena.toml
  int64_t slots = 0;             ///< 0: as many as there are processors
  std::string run_as;            ///< empty: the server's own account
  std::string supervisor;        ///< empty: where it is installed, seen from the plugin's file
  int64_t output_limit = int64_t{10} << 30;
  int64_t process_limit = 4096;
  std::chrono::milliseconds time_limit{std::chrono::hours(1)};           ///< of runs that have none of their own
  std::chrono::milliseconds setup_time_limit{std::chrono::minutes(30)};  ///< of setups that have none of their own
  std::chrono::milliseconds abort_grace{std::chrono::seconds(5)};
  TA_FIELDS(data, environment, repository, credentials_file, key_file, known_hosts_file, scenarios, slots, run_as,
            supervisor, output_limit, process_limit, time_limit, setup_time_limit, abort_grace)
};

/// What every supervised process of this executor has in common.
struct Limits {
  int64_t slots = 1;
  int64_t output_limit = 0;
  int64_t process_limit = 0;
  std::chrono::milliseconds time_limit{0};
  std::chrono::milliseconds setup_time_limit{0};
  std::chrono::milliseconds abort_grace{0};
};

/// The limits with defaults filled in. Throws Invalid with the pointer of the key that makes no sense.
Limits checkedLimits(const Settings& settings);

/// The folder of this environment's state below the data folder; a name that is none for a file is escaped.
std::filesystem::path stateFolderOf(const Settings& settings);

/// Where the supervisor is: the configured file, or beside the program or library this code is in. Throws Invalid.
std::filesystem::path findSupervisor(const Settings& settings);

}  // namespace testarena::local_executor
