// SPDX-License-Identifier: Apache-2.0
// Percent-encoding (RFC 3986, 2.1), decoded strictly.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace testarena::http {

enum class Plus { is_plus, is_space };

/// The decoded text; nothing if a '%' is not followed by two hexadecimal digits, or if the result is not UTF-8 or holds
/// a control character (a page, a log or a database would trip over it). Decoded once: "%252F" becomes "%2F".
std::optional<std::string> percentDecoded(std::string_view text, Plus plus);

/// For building targets: everything but letters, digits and "-._~" is encoded, so '/' is too.
std::string percentEncoded(std::string_view text);

}  // namespace testarena::http
