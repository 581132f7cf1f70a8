// SPDX-License-Identifier: Apache-2.0
// How Poco reads a request head: a reader that somebody else wrote.
#pragma once

#include <string_view>

#include "head_check.h"

namespace testarena::http::test {

/// True if Poco::Net (HTTPServerSession, HTTPServerRequestImpl) takes the same method, target, version and length from
/// a head as headCheck did. Fields with RFC 2047 words are kept from it, because it decodes them.
bool pocoAgrees(std::string_view head_bytes, const Head& head);

}  // namespace testarena::http::test
