// SPDX-License-Identifier: Apache-2.0
// Finds which row of a route table a request means.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace testarena::http {

/// The decoded values of a pattern's parameters.
class PathParameters {
 public:
  /// The value; throws std::out_of_range when the pattern has no such parameter (a mistake in the route table, not of
  /// the client).
  const std::string& at(std::string_view name) const;
  bool empty() const { return values_.empty(); }
  void add(std::string_view name, std::string value) { values_.emplace_back(name, std::move(value)); }

 private:
  std::vector<std::pair<std::string_view, std::string>> values_;
};

/// A table of {method, pattern, index}. Filled once at start, then read by any number of threads.
///
/// A pattern is literal segments and parameters: "/api/v1/jobs/{id}/log". A parameter is exactly one segment as sent,
/// not empty; decoded it may hold any text, '/' included ("{scenario}"). Literal segments win over parameters. Paths
/// are compared exactly: "/jobs" is not "/jobs/".
class Router {
 public:
  enum class Outcome {
    found,               ///< `index` and `parameters` are set
    not_found,           ///< no pattern has this path: 404
    method_not_allowed,  ///< the path exists with other methods: 405 with `allow`
    options,             ///< OPTIONS on a path that exists and has no OPTIONS row of its own: 204 with `allow`
  };
  struct Match {
    Outcome outcome = Outcome::not_found;
    std::size_t index = 0;
    PathParameters parameters;
    std::string allow;  ///< value of the Allow field, for the last two
  };

  /// HEAD needs no row: it is answered by GET's. `index` is whatever the caller stores beside the table. Throws Invalid
  /// for a pattern that is malformed, or that is already there with this method.
  void add(std::string_view method, std::string_view pattern, std::size_t index);

  /// `segments` is Request::segments().
  Match match(std::string_view method, const std::vector<std::string>& segments) const;

 private:
  struct Segment {
    std::string text;  ///< literal text, or the parameter's name
    bool is_parameter = false;
    bool operator==(const Segment&) const = default;
  };
  struct Row {
    std::string method;
    std::size_t index = 0;
  };
  struct Path {
    std::vector<Segment> segments;
    std::vector<Row> rows;
  };

  static std::vector<Segment> parse(std::string_view pattern);
  static bool fits(const Path& path, const std::vector<std::string>& segments);
  static std::string allowed(const Path& path);

  std::vector<std::vector<Path>> by_length_;  ///< paths by number of segments, most literal first
};

}  // namespace testarena::http
