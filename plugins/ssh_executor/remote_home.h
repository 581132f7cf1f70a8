// SPDX-License-Identifier: Apache-2.0
// The script on the machine, as a function.
#pragma once

#include <string>
#include <vector>

#include <testarena/call.h>

#include "connection.h"

namespace testarena::ssh_executor {

/// Threads: any, any number at once.
class RemoteHome {
 public:
  /// The connection must outlive this.
  RemoteHome(ssh::Connection& connection, std::string root) : connection_(connection), root_(std::move(root)) {}

  /// Runs a command of the script and returns what it says, without the last line `=done`. Installs the script first if
  /// it is not there. Throws Unavailable if the answer is not whole, and as Connection::run.
  std::string ask(const std::vector<std::string>& words, const std::string& input, const Call& call);

  /// The same for an answer that ends with bytes of its own, at most `limit`.
  std::string read(const std::vector<std::string>& words, std::size_t limit, const Call& call);

 private:
  std::string run(const std::vector<std::string>& words, const std::string& input, std::size_t limit, const Call& call);
  void install(const Call& call);

  ssh::Connection& connection_;
  const std::string root_;
};

}  // namespace testarena::ssh_executor
