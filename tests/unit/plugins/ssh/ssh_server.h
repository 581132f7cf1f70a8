// SPDX-License-Identifier: Apache-2.0
// A real sshd of OpenSSH for tests: on loopback, with keys of its own, for one account.
#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

#include "temporary_folder.h"

namespace testarena::test {

/// Runs a program to its end; throws if it fails. What it wrote, without the last line break.
std::string runProgram(const std::vector<std::string>& argv);

class SshServer {
 public:
  struct Options {
    /// Runs as `nobody` although the test runs as root; without effect for others.
    bool unprivileged = false;
    std::vector<std::string> configuration;  ///< further lines of sshd_config
  };

  SshServer();
  explicit SshServer(const Options& options);
  /// Ends sshd and all its sessions; what their commands have left running goes on.
  ~SshServer();
  SshServer(const SshServer&) = delete;
  SshServer& operator=(const SshServer&) = delete;

  int port() const { return port_; }
  const std::string& user() const { return user_; }
  /// The client's private key, and the file that knows the server.
  std::filesystem::path key() const { return folder_ / "id"; }
  std::filesystem::path knownHosts() const { return folder_ / "known_hosts"; }
  std::string fingerprint() const;

  /// A folder that the account may write to; goes with the server.
  std::filesystem::path home() const { return folder_ / "home"; }
  std::filesystem::path folder() const { return folder_.path(); }

  /// The keys of a configuration that lead here, as TOML.
  std::string toml() const { return toml(port_); }
  std::string toml(int port) const;

  /// Writes known_hosts, with another port of the same server beside its own, such as a proxy's.
  void know(int port) const;

  void start();
  /// Ends the daemon, and every session of it as well.
  void stop();
  /// Ends the sessions only.
  void endSessions() const;
  /// Gives it another host key; counts from the next start.
  void changeHostKey(const std::string& type = "ed25519");

  std::string log() const;

 private:
  void makeKey(const std::string& name, const std::string& type) const;
  void giveAway(const std::filesystem::path& path) const;

  TemporaryFolder folder_;
  bool isNobody_ = false;
  std::string user_;
  int port_ = 0;
  pid_t daemon_ = -1;
};

}  // namespace testarena::test
