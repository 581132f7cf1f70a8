// SPDX-License-Identifier: Apache-2.0
#include "names.h"

#include <Poco/UTF8String.h>

namespace testarena::sql {

std::string nameKey(std::string_view name) {
  std::string key(name);
  for (char& c : key) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return key;
}

std::string searchText(std::string_view text) {
  return Poco::UTF8::toLower(std::string(text));
}

}  // namespace testarena::sql
