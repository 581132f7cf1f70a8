// SPDX-License-Identifier: Apache-2.0
#include "url_template.h"

#include <testarena/error.h>

#include "address.h"

namespace testarena::http_executor {

UrlTemplate::UrlTemplate(const std::string& text) {
  const std::vector<std::pair<std::string, Place>> known = {{"job", Place::job},
                                                            {"task", Place::task},
                                                            {"scenario", Place::scenario},
                                                            {"path", Place::path},
                                                            {"attempt", Place::attempt}};
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = text.find_first_of("{}", at);
    if (open != at) parts_.emplace_back(Place::text, text.substr(at, open - at));
    if (open == std::string::npos) break;
    const std::size_t close = text.find('}', open);
    const std::string name = text.substr(open + 1, close == std::string::npos ? close : close - open - 1);
    Place place = Place::text;
    for (const auto& [word, which] : known) {
      if (text[open] == '{' && close != std::string::npos && name == word) place = which;
    }
    if (place == Place::text) {
      throw Invalid("'" + text + "' has a place at '" + text.substr(open, 20) +
                    "' that does not exist: there are {job}, {task}, {scenario}, {path} and {attempt}");
    }
    parts_.emplace_back(place, "");
    perRun_ = perRun_ || place != Place::job;
    at = close + 1;
  }
  if (isSet()) http::parseAddress(fill({"1", "1-1", "scenario", "path", 1}));
}

std::string UrlTemplate::valueOf(Place place, const UrlValues& values) {
  switch (place) {
    case Place::job:
      return http::percentEncoded(values.job);
    case Place::task:
      return http::percentEncoded(values.task);
    case Place::scenario:
      return http::percentEncoded(values.scenario);
    case Place::path:
      return http::percentEncoded(values.path, "/");
    case Place::attempt:
      return std::to_string(values.attempt);
    case Place::text:
      break;
  }
  return "";
}

std::string UrlTemplate::fill(const UrlValues& values) const {
  std::string url;
  for (const auto& [place, text] : parts_) url += place == Place::text ? text : valueOf(place, values);
  return url;
}

}  // namespace testarena::http_executor
