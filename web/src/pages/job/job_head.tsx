// SPDX-License-Identifier: Apache-2.0
// The head of a job's page: state, reason, what was asked for, and when.
import type { Job } from '../../api/types';
import { shortCommit } from '../../format/size';
import { CopyButton } from '../../parts/copy_button';
import { Note } from '../../parts/problem_note';
import { CountsBar, StateBadge } from '../../parts/state_badge';
import { Elapsed, TimeAgo } from '../../parts/times';
import { navigate } from '../../state/router';
import { text } from '../../text/en';
import { JobActions } from '../jobs/job_actions';

const words = text.job;

function Times({ job }: { job: Job }) {
  return (
    <>
      <div>
        <dt>{words.created}</dt>
        <dd>
          <TimeAgo time={job.created_at} />
        </dd>
      </div>
      {job.started_at ? (
        <div>
          <dt>{words.duration}</dt>
          <dd>
            <Elapsed from={job.started_at} to={job.finished_at} />
          </dd>
        </div>
      ) : (
        <div>
          <dt>{words.waitingFor}</dt>
          <dd>
            <Elapsed from={job.created_at} to={job.finished_at} />
          </dd>
        </div>
      )}
    </>
  );
}

export function JobHead({ job, onChanged }: { job: Job; onChanged: () => void }) {
  const errored = job.counts.errored;
  return (
    <header class="job-head">
      <div class="job-title">
        <h1>{words.title(job.id)}</h1>
        <StateBadge state={job.state} large />
        <CountsBar counts={job.counts} />
        <span class="job-actions">
          <JobActions job={job} onChanged={onChanged} onDeleted={() => navigate('/jobs')} />
        </span>
      </div>
      {(job.reason || errored > 0) && (
        <Note kind={errored > 0 || job.state === 'errored' || job.state === 'failed' ? 'warning' : 'info'}>
          {job.reason && <p>{job.reason}</p>}
          {errored > 0 && (
            <p class={job.reason ? 'quiet' : undefined}>
              {words.erroredRuns(errored)}{' '}
              {job.runs.length > errored && <a href={`/jobs/${job.id}?state=errored`}>{words.showErrored}</a>}
            </p>
          )}
        </Note>
      )}
      <dl class="job-facts">
        <div>
          <dt>{words.branch}</dt>
          <dd class="break">{job.branch}</dd>
        </div>
        <div>
          <dt>{words.commit}</dt>
          <dd>
            <span class="mono" title={job.commit}>
              {shortCommit(job.commit)}
            </span>
            <CopyButton value={job.commit} label={words.copyCommit} />
          </dd>
        </div>
        <div>
          <dt>{words.environment}</dt>
          <dd>
            <a href="/environments">{job.environment}</a>
          </dd>
        </div>
        <div>
          <dt>{words.by}</dt>
          <dd class="break">{job.user}</dd>
        </div>
        <Times job={job} />
      </dl>
    </header>
  );
}
