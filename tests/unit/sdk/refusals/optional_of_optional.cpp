// SPDX-License-Identifier: Apache-2.0
// refused: an optional of an optional
#include <testarena/message.h>

struct Record {
#ifdef FIXED
  std::optional<int64_t> count;
#else
  std::optional<std::optional<int64_t> > count;
#endif
  TA_FIELDS(count)
};
std::string message = testarena::encode(Record{});
