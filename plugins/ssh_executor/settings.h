// SPDX-License-Identifier: Apache-2.0
// The keys of the configuration (plugin.cpp has their schema), and what they come to.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <testarena/record.h>

#include "manifest.h"

namespace testarena::ssh_executor {

struct Settings {
  std::string host;  ///< this and the next eight: see ssh::ConnectionSettings
  int64_t port = 22;
  std::string user;
  std::string key_file;
  std::string key_passphrase;
  std::string agent_socket;
  std::string known_hosts_file;
  std::string host_key;
  std::chrono::milliseconds connect_timeout{std::chrono::seconds(10)};
  std::string repository;        ///< absolute path on the machine
  std::string environment;       ///< inherited: its name
  manifest::Manifest scenarios;  ///< inherited; what counts on commits without a .testarena.toml
  std::string folder;            ///< on the machine; relative to the account's home
  int64_t slots = 2;
  std::vector<std::string> variables;  ///< "NAME=value": what setups and scenarios find in their environment
  int64_t output_limit = int64_t{10} << 30;
  std::chrono::milliseconds time_limit{std::chrono::hours(1)};           ///< of runs that have none of their own
  std::chrono::milliseconds setup_time_limit{std::chrono::minutes(30)};  ///< of setups that have none of their own
  std::chrono::milliseconds abort_grace{std::chrono::seconds(5)};
  std::chrono::milliseconds timeout{std::chrono::seconds(30)};  ///< of one command, however long its caller would wait
  TA_FIELDS(host, port, user, key_file, key_passphrase, agent_socket, known_hosts_file, host_key, connect_timeout,
            repository, environment, scenarios, folder, slots, variables, output_limit, time_limit, setup_time_limit,
            abort_grace, timeout)
};

/// What each job takes with it when it is accepted.
struct Terms {
  std::string repository;
  int64_t slots = 1;
  std::vector<std::string> variables;  ///< PATH among them
  std::string path;                    ///< its value
  int64_t output_limit = 0;
  std::chrono::milliseconds time_limit{0};
  std::chrono::milliseconds setup_time_limit{0};
  std::chrono::milliseconds abort_grace{0};
};

/// Throws Invalid with the pointer of the key that makes no sense.
Terms checkedTerms(const Settings& settings);

/// Where the jobs of this environment are kept on the machine; relative to the account's home, or absolute.
std::string rootOf(const Settings& settings);

}  // namespace testarena::ssh_executor
