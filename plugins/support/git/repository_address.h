// SPDX-License-Identifier: Apache-2.0
// What the configured `repository` is: a path, or a URL of one of the few kinds that are spoken.
#pragma once

#include <string>
#include <string_view>

namespace testarena::git {

struct RepositoryAddress {
  std::string text;      ///< as configured; an absolute path, or what git is given as URL
  std::string protocol;  ///< `https`, `ssh` or `file`; empty for a path, which is read in place

  bool isPath() const { return protocol.empty(); }
};

/// Throws Invalid (pointer /repository) with the reason.
RepositoryAddress parseRepositoryAddress(std::string_view text);

/// A name for the folder of its mirror: readable, and different for different addresses.
std::string mirrorName(const RepositoryAddress& address);

}  // namespace testarena::git
