// SPDX-License-Identifier: Apache-2.0
// One job: what it is, its scenarios, its logs.
import type { Job } from '../../api/types';
import { count } from '../../format/size';
import { EmptyState, Loading, ProblemNote } from '../../parts/problem_note';
import { TabLinks } from '../../parts/tabs';
import { useTitle } from '../../parts/use_title';
import { address } from '../../state/router';
import { text } from '../../text/en';
import { logTabAddress } from './addresses';
import { JobHead } from './job_head';
import { JobLogs } from './job_logs';
import { RunTable } from './run_table';
import { useJob } from './use_job';

const words = text.job;

/** The log that a reader most likely wants: the first that went wrong, else what runs, else the job's own. */
function likelyLog(job: Job): string {
  // A run that errored without a word never began, as after a setup that failed: the job's own log says why.
  const run =
    job.runs.find(({ state, log_bytes }) => state === 'failed' || (state === 'errored' && log_bytes > 0)) ??
    job.runs.find(({ state }) => state === 'in_progress');
  return run ? logTabAddress(job.id, run.scenario, run.attempt) : logTabAddress(job.id);
}

function BackToList() {
  return (
    <a class="button" href="/jobs">
      {words.toList}
    </a>
  );
}

export function JobPage({ id }: { id: number }) {
  const { job, problem, deleted, reload } = useJob(id);
  const state = job ? ` · ${text.states[job.state] ?? job.state}` : '';
  useTitle(words.title(id) + state);

  if (deleted) {
    return (
      <div class="page">
        <h1>{words.title(id)}</h1>
        <EmptyState title={words.goneTitle} hint={words.goneHint}>
          <BackToList />
        </EmptyState>
      </div>
    );
  }
  if (!job) {
    return (
      <div class="page">
        <h1>{words.title(id)}</h1>
        {!problem && <Loading what={words.loading} />}
        {problem?.status === 404 && (
          <EmptyState title={words.unknownTitle} hint={words.unknownHint}>
            <BackToList />
          </EmptyState>
        )}
        {problem && problem.status !== 404 && <ProblemNote problem={problem} retry={reload} />}
      </div>
    );
  }
  const tab = address.value.query.get('tab') === 'logs' ? 'logs' : 'scenarios';
  return (
    <div class={`page page-job page-job-${tab}`}>
      <JobHead job={job} onChanged={reload} />
      <TabLinks
        label={words.tabs}
        current={tab}
        tabs={[
          {
            id: 'scenarios',
            href: `/jobs/${id}`,
            label: (
              <>
                {words.scenarios} <span class="tab-count">{count(job.runs.length)}</span>
              </>
            ),
          },
          { id: 'logs', href: likelyLog(job), label: words.logs },
        ]}
      />
      {tab === 'scenarios' ? <RunTable job={job} /> : <JobLogs job={job} />}
    </div>
  );
}
