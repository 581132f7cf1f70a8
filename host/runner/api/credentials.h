// SPDX-License-Identifier: Apache-2.0
// Who may talk to the runner.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <testarena/error.h>

#include "ip_address.h"
#include "request.h"

namespace testarena::runner {

/// No token, or one that is worth nothing: answered with 401.
class Unauthenticated : public Denied {
 public:
  using Denied::Denied;
};

/// A token as it is configured: the runner never knows more than its hash.
struct TokenHash {
  std::string name;
  std::string hash;  ///< "sha256:" and 64 hexadecimal digits
};

/// Whether a text is such a hash.
bool isTokenHash(std::string_view text);
std::string hashOfToken(std::string_view token);
/// 256 bits that nobody has seen before, with a beginning that tells what it is.
std::string newToken();

struct AccessRules {
  std::vector<TokenHash> tokens;
  bool anonymous = false;                   ///< lets clients in without a token, but only
  std::vector<std::string> anonymous_from;  ///< from these addresses and networks
  std::vector<std::string> hosts;           ///< and by these names, besides addresses and localhost
};

/// Threads: any.
class Credentials {
 public:
  /// Throws Invalid for a network or a hash that is none.
  explicit Credentials(AccessRules rules);

  /// From now on these count.
  void replace(AccessRules rules);

  /// The name of the client's token; empty for one without. Throws Unauthenticated.
  ///
  /// Without a token nobody is believed to be what a browser may have been talked into: a page of another site can make
  /// a browser on this machine send requests here. So whatever a browser marks as its own (Origin, Sec-Fetch-Site), and
  /// whatever came by a name that was not configured (DNS rebinding), needs a token.
  std::string check(const http::Request& request) const;

 private:
  struct Checked {
    AccessRules rules;
    http::Networks anonymousFrom;
  };
  static std::shared_ptr<const Checked> checked(AccessRules rules);
  static void checkAnonymous(const http::Request& request, const Checked& rules);

  mutable std::mutex mutex_;
  std::shared_ptr<const Checked> rules_;  ///< protected by mutex_
};

}  // namespace testarena::runner
