// SPDX-License-Identifier: Apache-2.0
// refused: integers in records are int64_t
#include <testarena/message.h>

struct Record {
#ifdef FIXED
  int64_t count = 0;
#else
  int count = 0;
#endif
  TA_FIELDS(count)
};
std::string message = testarena::encode(Record{});
