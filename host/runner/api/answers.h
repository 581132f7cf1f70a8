// SPDX-License-Identifier: Apache-2.0
// Small JSON objects of texts.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <testarena/json.h>

#include "response.h"

namespace testarena::runner {

using Members = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// Appends `{"name":"text",...}`, in the order given.
inline void appendObject(std::string& out, Members members) {
  char separator = '{';
  for (const auto& [name, text] : members) {
    out += separator;
    appendJsonText(out, name);
    out += ':';
    appendJsonText(out, text);
    separator = ',';
  }
  out += '}';
}

inline http::Response objectAnswer(Members members) {
  std::string body;
  appendObject(body, members);
  return http::Response::json(std::move(body));
}

}  // namespace testarena::runner
