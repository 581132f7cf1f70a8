// SPDX-License-Identifier: Apache-2.0
// refused: TA_FIELDS does not list every member of the record
#include <testarena/message.h>

struct Record {
  std::string name;
  std::optional<int64_t> count;
#ifdef FIXED
  TA_FIELDS(name, count)
#else
  TA_FIELDS(name)
#endif
};
std::string message = testarena::encode(Record{});
