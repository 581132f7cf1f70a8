// SPDX-License-Identifier: Apache-2.0
// The scenarios of a job, one row for each run.
import { useState } from 'preact/hooks';

import type { Job, Run, RunState } from '../../api/types';
import { runStates } from '../../api/types';
import { count, size } from '../../format/size';
import { Icon } from '../../parts/icons';
import { EmptyState } from '../../parts/problem_note';
import { StateBadge } from '../../parts/state_badge';
import { Elapsed } from '../../parts/times';
import { useGrowing } from '../../parts/use_growing';
import { address, navigate, withQuery } from '../../state/router';
import { text } from '../../text/en';
import { hasEnded } from '../jobs/job_actions';
import { logTabAddress } from './addresses';

const words = text.runs;
// Rows in the page at once: some thousand would make each event of a busy job felt.
const kStep = 300;

/** A report that the remote serves; anything but http and https is no link (`javascript:` comes to mind). */
function reportLink(run: Run): string | undefined {
  return run.report_url && /^https?:\/\//i.test(run.report_url) ? run.report_url : undefined;
}

const kTrouble: RunState[] = ['failed', 'errored', 'aborted'];

/** Once a job has ended, what went wrong comes first. While it runs, rows keep their places. */
function inReadingOrder(job: Job): Run[] {
  if (!hasEnded(job)) return job.runs;
  const rank = (run: Run): number => (kTrouble.includes(run.state) ? kTrouble.indexOf(run.state) : kTrouble.length);
  return [...job.runs].sort((a, b) => rank(a) - rank(b));
}

function RunRow({ job, run }: { job: number; run: Run }) {
  const report = reportLink(run);
  return (
    <tr>
      <td data-label={words.columns.state}>
        <StateBadge state={run.state} />
      </td>
      <th scope="row" data-label={words.columns.scenario}>
        <a class="row-link break" href={logTabAddress(job, run.scenario, run.attempt)} title={words.openLog(run.scenario)}>
          {run.scenario}
        </a>
        {run.expanded_from && <span class="chip">{words.expandedFrom(run.expanded_from)}</span>}
        {run.reason && <p class="cell-note">{run.reason}</p>}
      </th>
      <td data-label={words.columns.attempt} class="number">
        {run.attempt}
      </td>
      <td data-label={words.columns.exit} class="number">
        {run.exit_code ?? '–'}
      </td>
      <td data-label={words.columns.duration} class="nowrap">
        <Elapsed from={run.started_at} to={run.finished_at} />
      </td>
      <td data-label={words.columns.log} class="nowrap number">
        {size(run.log_bytes)}
        {report && (
          <>
            {' '}
            <a href={report} target="_blank" rel="noopener noreferrer">
              {words.report}
            </a>
          </>
        )}
      </td>
    </tr>
  );
}

function StateFilter({ job, chosen }: { job: Job; chosen: string }) {
  const counts = job.counts;
  const present = runStates.filter((state) => counts[state] > 0);
  if (present.length < 2 && !chosen) return null;
  const choose = (state: string): void => navigate(withQuery({ state }), 'replace');
  return (
    <fieldset class="segmented">
      <legend class="visually-hidden">{text.jobs.state}</legend>
      <div class="segments">
        <label>
          <input type="radio" name="run-state" checked={!chosen} onChange={() => choose('')} />
          <span>{words.all}</span>
        </label>
        {present.map((state) => (
          <label key={state}>
            <input type="radio" name="run-state" checked={chosen === state} onChange={() => choose(state)} />
            <span class="row">
              <Icon name={state} />
              {text.states[state]} {count(counts[state])}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function RunTable({ job }: { job: Job }) {
  const [filter, setFilter] = useState('');
  const state = address.value.query.get('state') ?? '';
  const { shown, more } = useGrowing(filter + state, kStep);
  const wanted = filter.trim().toLowerCase();
  const fitting = inReadingOrder(job).filter(
    (run) => (!state || run.state === (state as RunState)) && (!wanted || run.scenario.toLowerCase().includes(wanted)),
  );
  if (job.runs.length === 0) return <EmptyState title={words.noneYet} />;
  return (
    <section aria-label={text.job.scenarios}>
      <div class="filters">
        <label class="search">
          <span class="visually-hidden">{words.filter}</span>
          <Icon name="search" />
          <input type="search" data-page-search value={filter} placeholder={words.filter} onInput={(event) => setFilter(event.currentTarget.value)} />
        </label>
        <StateFilter job={job} chosen={state} />
      </div>
      {fitting.length === 0 && <EmptyState title={words.none} />}
      {fitting.length > 0 && (
        <div class="table-frame">
          <table class="table table-cards">
            <caption class="visually-hidden">{words.table}</caption>
            <thead>
              <tr>
                {Object.values(words.columns).map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {fitting.slice(0, shown).map((run) => (
                <RunRow key={`${run.scenario}\n${run.attempt}`} job={job.id} run={run} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {fitting.length > shown && (
        <button type="button" class="button" onClick={more}>
          {words.showMore(Math.min(kStep, fitting.length - shown))}
        </button>
      )}
    </section>
  );
}
