// SPDX-License-Identifier: Apache-2.0
// refused: TA_ENUM takes plain names, without values
#include <testarena/enum.h>

#ifdef FIXED
TA_ENUM(Colour, unknown, red)
#else
TA_ENUM(Colour, unknown, red = 7)
#endif
std::string_view name = testarena::enumName(Colour::red);
