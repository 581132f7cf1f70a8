// SPDX-License-Identifier: Apache-2.0
// refused: vector<bool> is no vector
#include <testarena/message.h>

struct Record {
#ifdef FIXED
  std::vector<int64_t> flags;
#else
  std::vector<bool> flags;
#endif
  TA_FIELDS(flags)
};
std::string message = testarena::encode(Record{});
