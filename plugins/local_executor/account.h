// SPDX-License-Identifier: Apache-2.0
// The account that scenarios run under, and what it has to reach.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>

namespace testarena::local_executor {

struct Account {
  std::string name;
  uid_t user = 0;
  gid_t group = 0;
};

/// The account of `run_as`; unset if it is empty or the server's own. Throws Invalid if there is no such account, or if
/// this process may not take on its rights.
std::optional<Account> findAccount(const std::string& run_as);

/// Gives the tree to the account. Links are given, not followed. The tree must be out of reach of others while it is
/// done. Throws std::system_error.
void giveTree(const std::filesystem::path& folder, const Account& account);

/// Lets the account, and nobody else, pass through the folders from `from` down to `to`, by an access control list
/// where their mode does not do so already. Throws Invalid (for /run_as) if it cannot reach `to` all the same, for
/// example through a closed folder above `from`: that one is not ours to open.
void letThrough(const std::filesystem::path& from, const std::filesystem::path& to, const Account& account);

}  // namespace testarena::local_executor
