// SPDX-License-Identifier: Apache-2.0
// What an event changes in what is shown. Pure.
import type { Job, JobPage, JobSummary, LogGrowth } from '../api/types';

/** The page with `job` in place of what it showed of that job before; older news changes nothing. */
export function withNews(page: JobPage, job: JobSummary): JobPage {
  return { ...page, jobs: page.jobs.map((known) => (known.id === job.id && job.revision >= known.revision ? job : known)) };
}

/** The job with the log of one run grown; news that is older than what is known changes nothing. */
export function withGrowth(job: Job, growth: LogGrowth): Job {
  if (!growth.scenario) return { ...job, log_bytes: Math.max(job.log_bytes ?? 0, growth.log_bytes) };
  return {
    ...job,
    runs: job.runs.map((run) =>
      run.scenario === growth.scenario && run.attempt === growth.attempt && run.log_bytes < growth.log_bytes
        ? { ...run, log_bytes: growth.log_bytes }
        : run,
    ),
  };
}

/** `next`, unless what is shown is newer. */
export function newer(shown: Job | undefined, next: Job): Job {
  return shown && shown.id === next.id && shown.revision > next.revision ? shown : next;
}
