// SPDX-License-Identifier: Apache-2.0
// The discoverer that reads a git repository on another machine, on which nothing is installed but sshd, git and a
// POSIX shell.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <testarena/discoverer.h>
#include <testarena/host.h>
#include <testarena/record.h>

#include "branch_choice.h"
#include "connection.h"
#include "manifest.h"
#include "remote_repository.h"
#include "shared_scans.h"

namespace testarena {

class SshDiscoverer final : public Discoverer {
 public:
  struct Settings {
    std::string host;  ///< this and the next eight: see ssh::ConnectionSettings
    int64_t port = 22;
    std::string user;
    std::string key_file;
    std::string key_passphrase;
    std::string agent_socket;
    std::string known_hosts_file;
    std::string host_key;
    std::chrono::milliseconds connect_timeout{std::chrono::seconds(10)};
    std::string repository;                    ///< absolute path on the machine
    std::vector<std::string> branches;         ///< patterns of branches that may be chosen; empty: all
    manifest::Manifest scenarios;              ///< for commits without a manifest of their own
    std::chrono::milliseconds timeout{15000};  ///< of one operation, however long its caller would wait
    std::vector<std::string> resolve_command;  ///< this and the next four: see ssh::RepositoryCommands
    std::vector<std::string> branches_command;
    std::vector<std::string> contains_command;
    std::vector<std::string> files_command;
    std::vector<std::string> content_command;
    TA_FIELDS(host, port, user, key_file, key_passphrase, agent_socket, known_hosts_file, host_key, connect_timeout,
              repository, branches, scenarios, timeout, resolve_command, branches_command, contains_command,
              files_command, content_command)
  };

  /// Invalid, with the key: a setting makes no sense. Connects nowhere.
  SshDiscoverer(const Settings& settings, const Host& host);

  Branch resolve(const ResolveRequest& request, Call& call) override;
  Branches branches(const BranchesRequest& request, Call& call) override;
  Scan scan(const ScanRequest& request, Call& call) override;
  Health health(const HealthRequest& request, Call& call) override;

 private:
  const Settings settings_;
  const BranchChoice choice_;
  const Host host_;
  ssh::Connection connection_;
  ssh::RemoteRepository repository_;
  SharedScans scans_;
};

}  // namespace testarena
