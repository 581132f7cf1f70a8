// SPDX-License-Identifier: Apache-2.0
// The rows of the job list, kept as the server has them.
import { useEffect, useRef, useState } from 'preact/hooks';

import { eventsAddress, readJobs } from '../../api/client';
import { queryString } from '../../api/http';
import type { JobPage, JobQuery, JobSummary } from '../../api/types';
import { useFeed } from '../../parts/use_feed';
import { useLoad, type Loaded } from '../../parts/use_load';
import { withNews } from '../../state/job_news';

// A busy server tells of many jobs a second; the list is asked for again at most so often.
const kAskAgainAfter = 400;
// The stream tells of what the list shows by default; jobs of others, found by a search, are asked for now and then.
const kAskAnyway = 10_000;

/** Loads the page of `query` and keeps it live: known rows change at once, rows that come or go by asking again. */
export function useJobList(query: JobQuery): Loaded<JobPage> {
  const key = queryString(query);
  const loaded = useLoad((signal) => readJobs(query, signal), key, false);
  const [page, setPage] = useState<JobPage | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  useEffect(() => setPage(loaded.data), [loaded.data]);

  const askAgain = (): void => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      loaded.reload();
    }, kAskAgainAfter);
  };
  useEffect(() => () => clearTimeout(timer.current), []);

  useEffect(() => {
    if (!query.q && !query.user) return;
    const regularly = setInterval(() => {
      if (!document.hidden) loaded.reload();
    }, kAskAnyway);
    return () => clearInterval(regularly);
  }, [key]);

  useFeed(eventsAddress(), (name, data) => {
    if (name === 'job') setPage((before) => before && withNews(before, data as JobSummary));
    if (name === 'job' || name === 'deleted' || name === 'environment' || name === 'snapshot') askAgain();
  });
  return { ...loaded, data: page };
}
