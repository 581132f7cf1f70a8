// SPDX-License-Identifier: Apache-2.0
// The job list: search, filters, pages, live.
import type { JobQuery } from '../../api/types';
import { Icon } from '../../parts/icons';
import { EmptyState, Loading, ProblemNote } from '../../parts/problem_note';
import { useTitle } from '../../parts/use_title';
import { address, withQuery } from '../../state/router';
import { isAdministrator, maySubmit, user } from '../../state/session';
import { text } from '../../text/en';
import { JobFilters } from './job_filters';
import { JobTable } from './job_table';
import { useJobList } from './use_job_list';

const words = text.jobs;
const kPageSize = '50';

function queryOfAddress(): JobQuery {
  const query = address.value.query;
  const field = (name: string): string => query.get(name) ?? '';
  return {
    q: field('q'),
    state: field('state'),
    user: query.get('mine') === '1' ? (user.value?.username ?? '') : '',
    environment: field('environment'),
    branch: field('branch'),
    limit: kPageSize,
    after: field('after'),
  };
}

function Nothing({ query }: { query: JobQuery }) {
  if (query.after) return <EmptyState title={words.noOlder} />;
  if (query.q || query.state || query.environment || query.branch || query.user) {
    return (
      <EmptyState title={words.noMatchTitle} hint={words.noMatchHint}>
        <a class="button" href="/jobs">
          {words.clear}
        </a>
      </EmptyState>
    );
  }
  if (!maySubmit.value) return <EmptyState title={words.noneTitle} hint={words.noneViewerHint} />;
  return (
    <EmptyState title={words.noneTitle} hint={words.noneHint}>
      <a class="button button-primary" href="/jobs/new">
        <Icon name="plus" />
        {text.nav.newJob}
      </a>
    </EmptyState>
  );
}

function Paging({ after, next }: { after: boolean; next: number | null }) {
  if (!after && !next) return null;
  return (
    <nav class="paging" aria-label={words.paging}>
      {after && (
        <a class="button" href={withQuery({ after: '' })}>
          <Icon name="top" />
          {words.newer}
        </a>
      )}
      {next && (
        <a class="button" href={withQuery({ after: String(next) })}>
          {words.older}
          <Icon name="right" />
        </a>
      )}
    </nav>
  );
}

export function JobListPage() {
  useTitle(words.title);
  const query = queryOfAddress();
  const { data, problem, loading, reload } = useJobList(query);
  return (
    <div class="page">
      <h1>{words.title}</h1>
      <JobFilters />
      {!isAdministrator.value && !query.q && <p class="quiet filters-note">{words.ownOnly}</p>}
      {problem && <ProblemNote problem={problem} retry={reload} />}
      {!data && !problem && <Loading what={words.loading} />}
      {data && data.jobs.length === 0 && !loading && <Nothing query={query} />}
      {data && data.jobs.length > 0 && <JobTable jobs={data.jobs} onChanged={reload} />}
      {data && <Paging after={Boolean(query.after)} next={data.next} />}
    </div>
  );
}
