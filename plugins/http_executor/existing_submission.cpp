// SPDX-License-Identifier: Apache-2.0
// Submitting to an existing server: see doc/decisions/0061.
#include <testarena/error.h>

#include "existing_executor.h"
#include "submission_check.h"

namespace testarena::http_executor {

Submitted ExistingExecutor::accepted(Job& job, const std::string& id) {
  if (!job.record->accepted) {
    job.record->accepted = true;
    book_.save(*job.record);
  }
  return {profile_.queueOf(id)};
}

Submitted ExistingExecutor::submit(const Submission& submission, Call& call) {
  check(submission);
  const std::string& id = submission.job;
  const auto job = jobOf(id, Keep::always);
  const std::lock_guard lock(job->mutex);
  if (job->record) {
    // It may have been sent in an earlier life, or by an earlier try: such a server would run it twice.
    const bool isSame = job->record->submission == submission;
    if (knows(id, call)) {
      if (isSame) return accepted(*job, id);
      throw Conflict("job " + id + " is known to the server with other content");
    }
    if (!isSame) job->record.reset();
  }
  if (!job->record) {
    job->record = newRecord(submission);
    book_.save(*job->record);
  }
  const Posted posted = server_.post(submission, call);
  return conclude(*job, submission, posted, call);
}

Submitted ExistingExecutor::conclude(Job& job, const Submission& submission, const Posted& posted, const Call& call) {
  const std::string& id = submission.job;
  if (posted.is == Posted::Is::accepted) return accepted(job, id);
  if (posted.is == Posted::Is::not_sent) throw Unavailable(posted.problem);
  bool isKnown = false;
  try {
    isKnown = knows(id, call);
  } catch (const Error& error) {
    throw Unavailable(posted.problem + "; and whether the job arrived is not known: " + error.what());
  }
  if (isKnown) return accepted(job, id);
  if (posted.is == Posted::Is::unknown) {
    throw Unavailable(posted.problem + "; the server does not know the job yet, but the request may be under way");
  }
  const auto forget = [&] {
    drop(id);
    job.record.reset();
  };
  const int status = posted.status;
  if (posted.otherId) {
    // Whatever it has made of it: sending it again would make another one.
    forget();
    throw Invalid(posted.problem + "; it does not know the id that it was given, so this server cannot be used");
  }
  if (status == 401 || status == 403) {
    forget();
    throw Denied(posted.problem + ": check `token`");
  }
  if (status == 409) {
    forget();
    throw Conflict(posted.problem);
  }
  if (status == 400 || status == 413 || status == 422) {
    forget();
    throw Invalid(posted.problem);
  }
  if (status >= 300 && status < 500 && status != 408 && status != 429) {
    throw Unavailable(posted.problem + ": check `url` and `prefix`");
  }
  throw Retry(posted.problem + "; the server has not taken the job");
}

}  // namespace testarena::http_executor
