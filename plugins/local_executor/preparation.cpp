// SPDX-License-Identifier: Apache-2.0
#include "preparation.h"

#include <cstdio>

#include "durable.h"
#include "load_job.h"
#include "remove_tree.h"

namespace testarena::local_executor {

void prepareCheckout(git::Repository& repository, const JobOrder& job, const JobFolder& folder,
                     const std::filesystem::path& incoming, const std::optional<Account>& account, const Call& call) {
  // Made where nobody else can reach it: while it is given away, another run of the account could put links into it.
  const std::filesystem::path draft = incoming / ("checkout-" + job.submission.job);
  removeTree(draft);
  writeDurably(folder.begun(), bootId());
  repository.checkout(job.submission.commit, draft, call);
  if (account) giveTree(draft, *account);
  if (rename(draft.c_str(), folder.checkout().c_str()) != 0) throwErrno("create", folder.checkout());
  syncFolder(folder.path());
}

}  // namespace testarena::local_executor
