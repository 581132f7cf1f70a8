// SPDX-License-Identifier: Apache-2.0
// refused: no type for a record's field
#include <testarena/message.h>

struct Record {
#ifdef FIXED
  std::chrono::milliseconds pause{0};
#else
  std::chrono::seconds pause{0};
#endif
  TA_FIELDS(pause)
};
std::string message = testarena::encode(Record{});
