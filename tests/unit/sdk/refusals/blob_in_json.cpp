// SPDX-License-Identifier: Apache-2.0
// refused: octets have no JSON form
#include <testarena/json.h>

struct Record {
#ifdef FIXED
  std::string data;
#else
  testarena::Bytes data;
#endif
  TA_FIELDS(data)
};
std::string text = testarena::toJson(Record{});
