// SPDX-License-Identifier: Apache-2.0
// The logs of a job: which one to read, and the viewer. The choice stands in the address.
import { useEffect, useRef, useState } from 'preact/hooks';

import type { Job, LogName, Run } from '../../api/types';
import { size } from '../../format/size';
import { Icon } from '../../parts/icons';
import { EmptyState } from '../../parts/problem_note';
import { StateBadge } from '../../parts/state_badge';
import { useGrowing } from '../../parts/use_growing';
import { address } from '../../state/router';
import { text } from '../../text/en';
import { LogViewer } from './log_viewer';
import { logTabAddress } from './addresses';

const words = text.log;
const kStep = 200;
const kFilterFrom = 12;

function chosenLog(job: Job): LogName {
  const query = address.value.query;
  const scenario = query.get('scenario') ?? '';
  const attempt = Number(query.get('attempt') ?? '1');
  return { job: job.id, scenario, attempt: Number.isSafeInteger(attempt) && attempt > 0 ? attempt : 1 };
}

function runOf(job: Job, name: LogName): Run | undefined {
  return job.runs.find((run) => run.scenario === name.scenario && run.attempt === name.attempt);
}

function RunLink({ job, run, isChosen }: { job: Job; run: Run; isChosen: boolean }) {
  const label = run.attempt > 1 ? `${run.scenario} (${run.attempt})` : run.scenario;
  return (
    <li>
      <a href={logTabAddress(job.id, run.scenario, run.attempt)} aria-current={isChosen ? 'true' : undefined} class="log-choice">
        <StateBadge state={run.state} />
        <span class="clip" title={label}>
          {label}
        </span>
        <span class="quiet number">{size(run.log_bytes)}</span>
      </a>
    </li>
  );
}

function LogChoices({ job, chosen }: { job: Job; chosen: LogName }) {
  const [filter, setFilter] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const wanted = filter.trim().toLowerCase();
  const fitting = job.runs.filter((run) => !wanted || run.scenario.toLowerCase().includes(wanted));
  const { shown, more } = useGrowing(filter, kStep);
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen.scenario, chosen.attempt]);
  return (
    <nav class="log-choices" aria-label={words.choose}>
      {job.runs.length >= kFilterFrom && (
        <label class="search">
          <span class="visually-hidden">{words.filter}</span>
          <Icon name="search" />
          <input type="search" data-page-search value={filter} placeholder={words.filter} onInput={(event) => setFilter(event.currentTarget.value)} />
        </label>
      )}
      <ul ref={list}>
        <li>
          <a href={logTabAddress(job.id)} aria-current={chosen.scenario ? undefined : 'true'} class="log-choice" title={words.jobLogHint}>
            <Icon name="list" />
            <span>{words.jobLog}</span>
            {job.log_bytes !== undefined && <span class="quiet number">{size(job.log_bytes)}</span>}
          </a>
        </li>
        {fitting.slice(0, shown).map((run) => (
          <RunLink
            key={`${run.scenario}\n${run.attempt}`}
            job={job}
            run={run}
            isChosen={run.scenario === chosen.scenario && run.attempt === chosen.attempt}
          />
        ))}
      </ul>
      {fitting.length > shown && (
        <button type="button" class="button button-quiet" onClick={more}>
          {text.runs.showMore(Math.min(kStep, fitting.length - shown))}
        </button>
      )}
    </nav>
  );
}

export function JobLogs({ job }: { job: Job }) {
  const name = chosenLog(job);
  const run = runOf(job, name);
  return (
    <div class="logs">
      <LogChoices job={job} chosen={name} />
      {name.scenario && !run ? (
        <EmptyState title={words.unknownRun} />
      ) : (
        <LogViewer
          key={`${name.scenario}\n${name.attempt}`}
          name={name}
          title={name.scenario || words.jobLog}
          told={run ? run.log_bytes : (job.log_bytes ?? 0)}
          // Any change of the job may mean more of its log, or its end: the log is asked whenever this changes.
          revision={job.revision}
        />
      )}
    </div>
  );
}
