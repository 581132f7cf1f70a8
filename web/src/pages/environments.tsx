// SPDX-License-Identifier: Apache-2.0
// The environments with the state of what stands behind each.
import { useEffect } from 'preact/hooks';

import { readEnvironments } from '../api/client';
import { queryString } from '../api/http';
import type { Environment, PluginHealth } from '../api/types';
import { count } from '../format/size';
import { HealthBadge } from '../parts/health_badge';
import { EmptyState, Loading, ProblemNote } from '../parts/problem_note';
import { useLoad } from '../parts/use_load';
import { useTitle } from '../parts/use_title';
import { maySubmit } from '../state/session';
import { text } from '../text/en';

const words = text.environments;
const kRefreshEvery = 10_000;

function Slots({ health }: { health: PluginHealth }) {
  if (!health.slots) return null;
  const used = health.slots_used ?? 0;
  return (
    <>
      <dt>{words.slots}</dt>
      <dd>
        {/* The words beside it say the same: nothing to read out. */}
        <span class="meter" aria-hidden="true">
          <svg viewBox={`0 0 ${health.slots} 1`} preserveAspectRatio="none">
            <rect class="fill-in_progress" width={Math.min(used, health.slots)} height="1" />
          </svg>
        </span>
        {words.slotsUsed(used, health.slots)}
      </dd>
    </>
  );
}

function Part({ title, health, openJobs }: { title: string; health: PluginHealth; openJobs?: number | undefined }) {
  return (
    <section class="part">
      <div class="part-head">
        <h3>{title}</h3>
        <HealthBadge state={health.state} />
      </div>
      <p class="mono quiet">{health.plugin}</p>
      {health.message && <p class="part-message">{health.message}</p>}
      <dl class="facts">
        <Slots health={health} />
        {openJobs !== undefined && (
          <>
            <dt>{words.openJobs}</dt>
            <dd>{count(openJobs)}</dd>
          </>
        )}
        {health.queued !== undefined && health.queued > 0 && (
          <>
            <dt>{words.queued}</dt>
            <dd>{count(health.queued)}</dd>
          </>
        )}
        {health.version && (
          <>
            <dt>{words.version}</dt>
            <dd>{health.version}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function EnvironmentCard({ environment }: { environment: Environment }) {
  const query = queryString({ environment: environment.name });
  return (
    <article class="card">
      <header class="card-head">
        <h2>{environment.name}</h2>
        <span class="row">
          <a class="button button-quiet" href={`/jobs${query}`}>
            {words.jobsOf}
          </a>
          {maySubmit.value && (
            <a class="button" href={`/jobs/new${query}`}>
              {text.nav.newJob}
            </a>
          )}
        </span>
      </header>
      <div class="parts">
        <Part title={words.executor} health={environment.executor} openJobs={environment.open_jobs} />
        <Part title={words.discoverer} health={environment.discoverer} />
      </div>
    </article>
  );
}

export function EnvironmentsPage() {
  useTitle(words.title);
  const { data, problem, reload } = useLoad((signal) => readEnvironments(signal), '');
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, kRefreshEvery);
    return () => clearInterval(timer);
  }, []);
  return (
    <div class="page">
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      {problem && <ProblemNote problem={problem} retry={reload} />}
      {!data && !problem && <Loading what={words.loading} />}
      {data?.environments.length === 0 && <EmptyState title={words.none} hint={words.noneHint} />}
      <div class="cards">
        {data?.environments.map((environment) => <EnvironmentCard key={environment.name} environment={environment} />)}
      </div>
    </div>
  );
}
