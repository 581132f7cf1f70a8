// SPDX-License-Identifier: Apache-2.0
// One environment: whether it answers, what waits for it, and what stands behind it.
import type { ComponentChildren } from 'preact';

import { queryString } from '../../api/http';
import type { Environment, PluginHealth } from '../../api/types';
import { count } from '../../format/size';
import { latency } from '../../format/time';
import { HealthBadge } from '../../parts/health_badge';
import { Icon } from '../../parts/icons';
import { Note } from '../../parts/problem_note';
import { Countdown, Elapsed, TimeAgo } from '../../parts/times';
import { maySubmit } from '../../state/session';
import { text } from '../../text/en';

const words = text.environments;

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Slots({ used, all }: { used: number; all: number }) {
  return (
    <Fact name={words.slots}>
      {/* The words beside it say the same: nothing to read out. */}
      <span class="meter" aria-hidden="true">
        <svg viewBox={`0 0 ${all} 1`} preserveAspectRatio="none">
          <rect class="fill-in_progress" width={Math.min(used, all)} height="1" />
        </svg>
      </span>
      {words.slotsUsed(used, all)}
    </Fact>
  );
}

/** What is wrong, since when, and when it is asked again. */
function Trouble({ environment }: { environment: Environment }) {
  const { state, message, since, next_try } = environment;
  if (state === 'ok' && !message) return null;
  if (state === 'unknown' && !message) return <Note>{words.nothingHeard}</Note>;
  const isOut = state === 'unreachable';
  return (
    <div class={`note ${isOut ? 'note-problem' : state === 'ok' ? 'note-info' : 'note-warning'}`}>
      <Icon name={isOut ? 'offline' : state === 'ok' ? 'info' : 'errored'} />
      <div class="note-body">
        {isOut && <strong>{words.unreachableTitle}</strong>}
        {message && <p>{message}</p>}
        {isOut && since && (
          <p class="quiet">
            {words.outFor} <Elapsed from={since} to={null} />
            {next_try && (
              <>
                {' · '}
                <Countdown to={next_try} words={words.askedAgain} />
              </>
            )}
          </p>
        )}
      </div>
    </div>
  );
}

function Remote({ environment }: { environment: Environment }) {
  const { executor, state, latency_us, latency_median_us, answered_at } = environment;
  const isOld = state === 'unreachable';
  return (
    <section class="part">
      <h3>{words.executor}</h3>
      <p class="mono quiet">{executor.plugin}</p>
      <dl class="facts">
        {executor.slots ? <Slots used={executor.slots_used ?? 0} all={executor.slots} /> : null}
        {answered_at && <Fact name={words.queued}>{count(executor.queued ?? 0)}</Fact>}
        {executor.version && <Fact name={words.version}>{executor.version}</Fact>}
        <Fact name={words.latency}>
          {latency_us === null ? words.notMeasured : words.latencyOf(latency(latency_us), latency(latency_median_us ?? latency_us))}
        </Fact>
        <Fact name={words.answered}>{answered_at ? <TimeAgo time={answered_at} /> : words.never}</Fact>
      </dl>
      {isOld && answered_at && <p class="quiet small">{words.lastKnown}</p>}
    </section>
  );
}

function Jobs({ environment }: { environment: Environment }) {
  return (
    <section class="part">
      <h3>{words.jobs}</h3>
      <dl class="facts">
        <Fact name={words.openJobs}>{count(environment.open_jobs)}</Fact>
        <Fact name={words.unsent}>{count(environment.unsent_jobs)}</Fact>
        <Fact name={words.tombstones}>
          <span title={words.tombstonesHint}>{count(environment.tombstones)}</span>
        </Fact>
      </dl>
    </section>
  );
}

function LastError({ environment: { last_error, last_error_at } }: { environment: Environment }) {
  return (
    <p class="quiet small last-error">
      {words.lastError}: {last_error_at ? last_error : words.noError}
      {last_error_at && (
        <>
          {' ('}
          <TimeAgo time={last_error_at} />)
        </>
      )}
    </p>
  );
}

function Discoverer({ health }: { health: PluginHealth }) {
  return (
    <section class="part">
      <div class="part-head">
        <h3>{words.discoverer}</h3>
        <HealthBadge state={health.state} />
      </div>
      <p class="mono quiet">{health.plugin}</p>
      {health.message && <p class="part-message">{health.message}</p>}
      {health.version && (
        <dl class="facts">
          <Fact name={words.version}>{health.version}</Fact>
        </dl>
      )}
    </section>
  );
}

export function EnvironmentCard({ environment }: { environment: Environment }) {
  const query = queryString({ environment: environment.name });
  const heading = `environment-${environment.name}`;
  return (
    <article class="card" aria-labelledby={heading}>
      <header class="card-head">
        <span class="row card-title">
          <h2 id={heading}>{environment.name}</h2>
          <HealthBadge state={environment.state} large />
        </span>
        <span class="row">
          <a class="button button-quiet" href={`/jobs${query}`} aria-label={words.jobsOfNamed(environment.name)}>
            {words.jobsOf}
          </a>
          {maySubmit.value && (
            <a class="button" href={`/jobs/new${query}`} aria-label={words.newJobIn(environment.name)}>
              {text.nav.newJob}
            </a>
          )}
        </span>
      </header>
      <Trouble environment={environment} />
      <div class="parts">
        <Remote environment={environment} />
        <Jobs environment={environment} />
        <Discoverer health={environment.discoverer} />
      </div>
      <LastError environment={environment} />
    </article>
  );
}
