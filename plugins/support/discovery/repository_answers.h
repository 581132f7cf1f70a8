// SPDX-License-Identifier: Apache-2.0
// Answers of a discoverer that come from a repository the same way, wherever it is: git::Repository or
// ssh::RemoteRepository.
#pragma once

#include <chrono>
#include <optional>

#include <testarena/discoverer.h>
#include <testarena/error.h>

#include "git_repository.h"
#include "shorter_call.h"

namespace testarena {

/// The commit of a branch whose name was checked.
template <class Repository>
Branch resolveBranch(Repository& repository, const ResolveRequest& request, const Call& call) {
  const std::optional<git::Commit> commit = repository.resolve(request.branch, call);
  Branch branch;
  if (!commit) return branch;
  branch.found = true;
  branch.name = request.branch;
  branch.commit = commit->id;
  branch.author = commit->author;
  branch.committed_at = commit->committed_at;
  branch.subject = commit->subject;
  branch.contains = !request.contains_commit.empty() && repository.contains(commit->id, request.contains_commit, call);
  return branch;
}

template <class Repository>
Health healthOf(Repository& repository, const Call& call) {
  constexpr std::chrono::milliseconds kLimit{1800};  // the contract gives 2 s
  Health health;
  try {
    health.version = "git " + repository.probe(ShorterCall(call, kLimit));
    health.state = HealthState::ok;
  } catch (const Error& error) {
    health.state = HealthState::down;
    health.message = error.what();
  }
  return health;
}

}  // namespace testarena
