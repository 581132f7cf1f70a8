// SPDX-License-Identifier: Apache-2.0
// refused: floating point in records is double
#include <testarena/message.h>

struct Record {
#ifdef FIXED
  double ratio = 0;
#else
  float ratio = 0;
#endif
  TA_FIELDS(ratio)
};
std::string message = testarena::encode(Record{});
