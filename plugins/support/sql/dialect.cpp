// SPDX-License-Identifier: Apache-2.0
#include "dialect.h"

namespace testarena::sql {
namespace {

constexpr std::string_view kForUpdate = "/*for update*/";
constexpr std::string_view kNoIndex = "/*no index*/";

}  // namespace

std::string Dialect::rewrite(std::string_view sql) const {
  std::string out;
  out.reserve(sql.size() + 16);
  char quote = 0;
  for (std::size_t at = 0; at < sql.size(); ++at) {
    const char c = sql[at];
    const std::string_view rest = sql.substr(at);
    if (quote != 0) {
      if (c == quote) quote = 0;  // a doubled quote ends and begins at once
      out += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
      out += c;
    } else if (c == '?') {
      out += placeholder;
    } else if (rest.substr(0, kForUpdate.size()) == kForUpdate) {
      out += rowLock;
      at += kForUpdate.size() - 1;
    } else if (rest.substr(0, kNoIndex.size()) == kNoIndex) {
      out += noIndex;
      at += kNoIndex.size() - 1;
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace testarena::sql
