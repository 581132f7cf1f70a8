// SPDX-License-Identifier: Apache-2.0
// The discoverer that reads a git repository: a folder on this machine, or a mirror of one behind a URL.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <testarena/discoverer.h>
#include <testarena/host.h>
#include <testarena/record.h>

#include "branch_choice.h"
#include "git_repository.h"
#include "manifest.h"

namespace testarena {

class FirstCopy;

class GitDiscoverer final : public Discoverer {
 public:
  struct Settings {
    std::string repository;                    ///< see git::RepositorySettings
    std::vector<std::string> branches;         ///< patterns of branches that may be chosen; empty: all
    manifest::Manifest scenarios;              ///< for commits without a manifest of their own
    std::string data;                          ///< the host's data folder: mirrors of URLs are kept below it
    std::chrono::milliseconds refresh{30000};  ///< how old a mirror may be for completion
    std::chrono::milliseconds timeout{60000};  ///< of one operation, however long its caller would wait
    std::string credentials_file;
    std::string key_file;
    std::string known_hosts_file;
    TA_FIELDS(repository, branches, scenarios, data, refresh, timeout, credentials_file, key_file, known_hosts_file)
  };

  /// Invalid, with the key: a setting makes no sense. The repository need not be there yet.
  GitDiscoverer(const Settings& settings, const Host& host);
  ~GitDiscoverer() override;

  Branch resolve(const ResolveRequest& request, Call& call) override;
  Branches branches(const BranchesRequest& request, Call& call) override;
  Scan scan(const ScanRequest& request, Call& call) override;
  Health health(const HealthRequest& request, Call& call) override;

 private:
  manifest::Reading readManifestOf(const std::vector<git::File>& files, const Call& call);

  const Settings settings_;
  const BranchChoice choice_;
  const Host host_;
  git::Repository repository_;
  std::unique_ptr<FirstCopy> first_copy_;
};

}  // namespace testarena
