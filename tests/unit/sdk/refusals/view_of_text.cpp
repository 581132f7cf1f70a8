// SPDX-License-Identifier: Apache-2.0
// refused: records own their texts
#include <testarena/message.h>

struct Record {
#ifdef FIXED
  std::string text;
#else
  std::string_view text;
#endif
  TA_FIELDS(text)
};
std::string message = testarena::encode(Record{});
