// SPDX-License-Identifier: Apache-2.0
// The keys of the configuration (plugin.cpp has their schema), and what they come to.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <testarena/record.h>

#include "address.h"
#include "task_words.h"
#include "url_template.h"

namespace testarena::http_executor {

struct Settings {
  std::string data;         ///< inherited: the host's data folder
  std::string environment;  ///< inherited: its name here
  std::string url;
  std::string prefix = "/api";
  std::string control_prefix;      ///< of abort and delete; empty: as `prefix`
  std::string remote_environment;  ///< its name there; empty: as here
  std::string id_prefix;
  std::string log_url;
  std::string report_url;
  std::vector<std::string> verdict_fields = {"result", "verdict", "status"};
  std::vector<std::string> pass_words = {"PASS", "PASSED"};
  std::vector<std::string> fail_words = {"FAIL", "FAILED"};
  std::chrono::milliseconds in_flight{std::chrono::seconds(15)};
  std::chrono::milliseconds timeout{std::chrono::seconds(10)};
  std::chrono::milliseconds poll_interval{std::chrono::seconds(1)};
  std::chrono::milliseconds log_refresh{std::chrono::seconds(5)};
  int64_t log_limit = int64_t{1} << 30;
  int64_t max_connections = 8;
  std::string token;
  std::string ca_file;
  TA_FIELDS(data, environment, url, prefix, control_prefix, remote_environment, id_prefix, log_url, report_url,
            verdict_fields, pass_words, fail_words, in_flight, timeout, poll_interval, log_refresh, log_limit,
            max_connections, token, ca_file)
};

/// The settings in the form that the code uses.
struct Profile {
  Settings settings;
  http::Address server;
  std::string paths;        ///< what stands before `/queue`: the path of `url` and `prefix`, without a slash at its end
  std::string control;      ///< what stands before `/abort` and `/delete`
  std::string environment;  ///< what the server calls it
  UrlTemplate log;
  UrlTemplate report;
  TaskWords words;
  std::filesystem::path folder;  ///< what this plugin keeps

  /// The id of a job on the server.
  std::string queueOf(const std::string& job) const { return settings.id_prefix + job; }
};

/// Throws Invalid with the pointer of the key that makes no sense.
Profile checked(const Settings& settings);

}  // namespace testarena::http_executor
