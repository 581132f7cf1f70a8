// SPDX-License-Identifier: Apache-2.0
// Addresses of logs and reports, as the configuration describes them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace testarena::http_executor {

/// What fills the places.
struct UrlValues {
  std::string job;   ///< the id of the queue on the server
  std::string task;  ///< the id of the task on the server
  std::string scenario;
  std::string path;
  int64_t attempt = 1;
};

/// "http://lab/logs/{job}/{task}.txt". Places: {job}, {task}, {scenario}, {path}, {attempt}; their values are
/// percent-encoded, but for the slashes of a path. Everything else stays as it was written.
class UrlTemplate {
 public:
  /// An empty text is none.
  UrlTemplate() = default;
  /// Throws Invalid for places that do not exist, braces that do not match, and what becomes no URL.
  explicit UrlTemplate(const std::string& text);

  bool isSet() const { return !parts_.empty(); }
  /// There is one address for each run; otherwise one for each job.
  bool isPerRun() const { return perRun_; }
  std::string fill(const UrlValues& values) const;

 private:
  enum class Place { text, job, task, scenario, path, attempt };
  static std::string valueOf(Place place, const UrlValues& values);

  std::vector<std::pair<Place, std::string>> parts_;
  bool perRun_ = false;
};

}  // namespace testarena::http_executor
