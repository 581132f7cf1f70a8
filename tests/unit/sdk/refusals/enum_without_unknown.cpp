// SPDX-License-Identifier: Apache-2.0
// refused: the first enumerator must be `unknown`
#include <testarena/message.h>

#ifdef FIXED
TA_ENUM(Colour, unknown, red, green)
#else
TA_ENUM(Colour, red, green)
#endif
struct Record {
  Colour colour = Colour::red;
  TA_FIELDS(colour)
};
std::string message = testarena::encode(Record{});
