// SPDX-License-Identifier: Apache-2.0
// refused: a message is a record
#include <testarena/message.h>

struct Record {
  std::string text;
  TA_FIELDS(text)
};
#ifdef FIXED
std::string message = testarena::encode(Record{"text"});
#else
std::string message = testarena::encode(std::string("text"));
#endif
