// SPDX-License-Identifier: Apache-2.0
#include "preparation.h"

#include <cstdio>
#include <exception>
#include <random>
#include <string>

#include "durable.h"
#include "load_job.h"
#include "remove_tree.h"

namespace testarena::local_executor {
namespace {

/// What stays is removed at the next start.
void removeIfPossible(const std::filesystem::path& draft) {
  try {
    removeTree(draft);
  } catch (const std::exception&) {
  }
}

}  // namespace

void prepareCheckout(git::Repository& repository, const JobOrder& job, const JobFolder& folder,
                     const std::filesystem::path& incoming, const std::optional<Account>& account, const Call& call) {
  // Made where nobody else can reach it: while it is given away, another run of the account could put links into it.
  // Under a name that no other attempt has: a git that a killed server has left may still be writing into the last one.
  const std::filesystem::path draft =
      incoming / ("checkout-" + job.submission.job + "." + std::to_string(std::random_device()()));
  writeDurably(folder.begun(), bootId());
  try {
    repository.checkout(job.submission.commit, draft, call);
    if (account) giveTree(draft, *account);
    if (rename(draft.c_str(), folder.checkout().c_str()) != 0) throwErrno("create", folder.checkout());
  } catch (...) {
    removeIfPossible(draft);
    throw;
  }
  syncFolder(folder.path());
}

}  // namespace testarena::local_executor
