// SPDX-License-Identifier: Apache-2.0
#include "nearest.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace testarena::manifest {
namespace {

/// How many letters have to be added, dropped, changed or swapped with their neighbour to make one word of the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, above, row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before = above;
    above = row;
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({row[j - 1] + 1, above[j] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row.back();
}

}  // namespace

std::string suggestion(std::string_view word, const std::vector<std::string_view>& known) {
  constexpr std::size_t kLongestWord = 40;  // no typing mistake makes more of it
  std::string_view nearest;
  std::size_t least = std::max<std::size_t>(word.size() / 3, 1) + 1;
  for (const std::string_view candidate : known) {
    if (word.size() > kLongestWord) break;
    const std::size_t wrong = distance(word, candidate);
    if (wrong < least) {
      least = wrong;
      nearest = candidate;
    }
  }
  if (!nearest.empty()) return "; did you mean '" + std::string(nearest) + "'?";
  std::string list;
  for (const std::string_view candidate : known) list += (list.empty() ? "" : ", ") + std::string(candidate);
  return "; known are: " + list;
}

}  // namespace testarena::manifest
