// SPDX-License-Identifier: Apache-2.0
#include "router.h"

#include <algorithm>
#include <stdexcept>

#include <testarena/error.h>

namespace testarena::http {
namespace {

/// Patterns that say more at an earlier place come first: "/jobs/import" before "/jobs/{id}".
template <typename Segments>
bool saysMore(const Segments& a, const Segments& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i].is_parameter != b[i].is_parameter) return b[i].is_parameter;
  return false;
}

}  // namespace

const std::string& PathParameters::at(std::string_view name) const {
  for (const auto& [key, value] : values_)
    if (key == name) return value;
  throw std::out_of_range("the route has no parameter {" + std::string(name) + "}");
}

std::vector<Router::Segment> Router::parse(std::string_view pattern) {
  if (pattern.empty() || pattern.front() != '/')
    throw Invalid("route " + std::string(pattern) + ": a pattern starts with '/'");
  std::vector<Segment> segments;
  std::string_view rest = pattern.substr(1);
  for (;;) {
    std::size_t end = rest.find('/');
    std::string_view text = rest.substr(0, end);
    bool parameter = text.size() > 2 && text.front() == '{' && text.back() == '}';
    if (parameter) text = text.substr(1, text.size() - 2);
    if (text.find_first_of("{}%?") != std::string_view::npos)
      throw Invalid("route " + std::string(pattern) + ": a parameter is a whole segment, like {id}");
    segments.push_back({std::string(text), parameter});
    if (end == std::string_view::npos) return segments;
    rest.remove_prefix(end + 1);
  }
}

void Router::add(std::string_view method, std::string_view pattern, std::size_t index) {
  std::vector<Segment> segments = parse(pattern);
  if (by_length_.size() <= segments.size()) by_length_.resize(segments.size() + 1);
  std::vector<Path>& paths = by_length_[segments.size()];
  auto sameShape = [&](const Path& path) {
    return std::equal(segments.begin(), segments.end(), path.segments.begin(), [](const Segment& a, const Segment& b) {
      return a.is_parameter == b.is_parameter && (a.is_parameter || a.text == b.text);
    });
  };
  auto found = std::find_if(paths.begin(), paths.end(), sameShape);
  if (found == paths.end()) {
    auto after = [&](const Path& path) { return saysMore(segments, path.segments); };
    auto place = std::find_if(paths.begin(), paths.end(), after);
    found = paths.insert(place, Path{std::move(segments), {}});
  } else if (found->segments != segments) {
    throw Invalid("route " + std::string(pattern) + ": the same path is there with other parameter names");
  }
  for (const Row& row : found->rows)
    if (row.method == method)
      throw Invalid("route " + std::string(method) + " " + std::string(pattern) + " is there twice");
  found->rows.push_back({std::string(method), index});
}

bool Router::fits(const Path& path, const std::vector<std::string>& segments) {
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Segment& wanted = path.segments[i];
    if (wanted.is_parameter ? segments[i].empty() : segments[i] != wanted.text) return false;
  }
  return true;
}

std::string Router::allowed(const Path& path) {
  std::string text;
  for (const Row& row : path.rows) {
    text += row.method + ", ";
    if (row.method == "GET") text += "HEAD, ";
  }
  return text + "OPTIONS";
}

Router::Match Router::match(std::string_view method, const std::vector<std::string>& segments) const {
  Match match;
  if (segments.size() >= by_length_.size()) return match;
  for (const Path& path : by_length_[segments.size()]) {
    if (!fits(path, segments)) continue;
    std::string_view row_method = method == "HEAD" ? std::string_view("GET") : method;
    auto row = std::find_if(path.rows.begin(), path.rows.end(), [&](const Row& r) { return r.method == row_method; });
    if (row == path.rows.end()) {
      match.outcome = method == "OPTIONS" ? Outcome::options : Outcome::method_not_allowed;
      match.allow = allowed(path);
      return match;
    }
    match.outcome = Outcome::found;
    match.index = row->index;
    for (std::size_t i = 0; i < segments.size(); ++i)
      if (path.segments[i].is_parameter) match.parameters.add(path.segments[i].text, segments[i]);
    return match;
  }
  return match;
}

}  // namespace testarena::http
