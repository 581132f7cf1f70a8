// SPDX-License-Identifier: Apache-2.0
#include "parameters.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <testarena/error.h>

#include "text.h"

namespace testarena::http {
namespace {

constexpr int64_t kMostId = (int64_t{1} << 53) - 1;

std::optional<int64_t> wholeNumber(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

int64_t idFrom(std::string_view text, std::string_view what) {
  const auto value = wholeNumber(text);
  if (!value || *value < 1 || *value > kMostId || text.front() == '0') {
    throw NotFound("there is no " + std::string(what) + " '" + std::string(text.substr(0, 40)) + "'");
  }
  return *value;
}

Parameters::Parameters(const Request& request, const std::vector<std::string>& known) : request_(request) {
  std::set<std::string_view> seen;
  for (const auto& [name, value] : request.query()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw Invalid("unknown parameter '" + name + "'" + didYouMean(name, known) + "; known are: " + join(known, ", "),
                    name);
    }
    if (!seen.insert(name).second) throw Invalid("the parameter '" + name + "' stands twice in the address", name);
  }
}

std::string Parameters::text(std::string_view name) const {
  return std::string(request_.query(name).value_or(""));
}

std::string Parameters::required(std::string_view name) const {
  auto value = text(name);
  if (value.empty()) throw Invalid("the parameter '" + std::string(name) + "' is missing", std::string(name));
  return value;
}

std::optional<int64_t> Parameters::number(std::string_view name, int64_t least, int64_t most) const {
  const auto given = request_.query(name);
  if (!given) return std::nullopt;
  const auto value = wholeNumber(*given);
  if (!value || *value < least || *value > most) {
    throw Invalid("'" + std::string(name) + "' must be a whole number from " + std::to_string(least) + " to " +
                      std::to_string(most),
                  std::string(name));
  }
  return value;
}

int64_t Parameters::number(std::string_view name, int64_t otherwise, int64_t least, int64_t most) const {
  return number(name, least, most).value_or(otherwise);
}

}  // namespace testarena::http
