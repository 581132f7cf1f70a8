// SPDX-License-Identifier: Apache-2.0
// Names of requests, for logs and problem answers.
#pragma once

#include <string>
#include <string_view>

namespace testarena::http {

/// A new one, unique among all processes as far as luck goes. Not a secret.
std::string newRequestId();

/// Whether a name that came with a request is taken over: `[A-Za-z0-9._-]{1,64}`, so that it can be written anywhere.
bool isRequestId(std::string_view text);

}  // namespace testarena::http
