// SPDX-License-Identifier: Apache-2.0
// The job list as a table; on a narrow screen each row is a card.
import type { JobSummary } from '../../api/types';
import { shortCommit } from '../../format/size';
import { CountsBar, StateBadge } from '../../parts/state_badge';
import { Elapsed, TimeAgo } from '../../parts/times';
import { text } from '../../text/en';
import { hasEnded, JobActions } from './job_actions';

const columns = text.jobs.columns;

function JobRow({ job, onChanged }: { job: JobSummary; onChanged: () => void }) {
  return (
    <tr>
      <td data-label={columns.state}>
        <StateBadge state={job.state} />
      </td>
      <th scope="row" data-label={columns.job} class="nowrap">
        <a href={`/jobs/${job.id}`} class="row-link">
          {text.jobs.link(job.id)}
        </a>
        <span class="quiet cell-sub">{job.environment}</span>
      </th>
      <td data-label={columns.branch} class="cell-branch">
        <span class="clip" title={job.branch}>
          {job.branch}
        </span>
        <span class="mono quiet cell-sub">{shortCommit(job.commit)}</span>
      </td>
      <td data-label={columns.results}>
        <CountsBar counts={job.counts} />
        {job.reason && (!hasEnded(job) || job.state === 'errored') && (
          <span class="clip quiet cell-sub cell-reason" title={job.reason}>
            {job.reason}
          </span>
        )}
      </td>
      <td data-label={columns.user}>
        <span class="clip" title={job.user}>
          {job.user}
        </span>
      </td>
      <td data-label={columns.created} class="nowrap">
        <TimeAgo time={job.created_at} />
      </td>
      <td data-label={columns.duration} class="nowrap">
        <Elapsed from={job.started_at} to={job.finished_at} />
      </td>
      <td class="cell-actions">
        <JobActions job={job} compact onChanged={onChanged} onDeleted={onChanged} />
      </td>
    </tr>
  );
}

export function JobTable({ jobs, onChanged }: { jobs: JobSummary[]; onChanged: () => void }) {
  return (
    <div class="table-frame">
      <table class="table table-cards">
        <caption class="visually-hidden">{text.jobs.table}</caption>
        <thead>
          <tr>
            {Object.entries(columns).map(([key, column]) => (
              <th key={key} scope="col">
                {key === 'actions' ? <span class="visually-hidden">{column}</span> : column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} onChanged={onChanged} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
