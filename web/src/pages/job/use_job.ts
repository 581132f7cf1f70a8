// SPDX-License-Identifier: Apache-2.0
// One job, kept as the server has it.
import { useEffect, useRef, useState } from 'preact/hooks';

import { eventsAddress, readJob } from '../../api/client';
import type { Problem } from '../../api/problem';
import type { EnvironmentChange, Job, LogGrowth } from '../../api/types';
import { useFeed } from '../../parts/use_feed';
import { useLoad } from '../../parts/use_load';
import { newer, withGrowth } from '../../state/job_news';
import { announce } from '../../state/notices';
import { text } from '../../text/en';
import { hasEnded } from '../jobs/job_actions';

export interface LiveJob {
  job: Job | undefined;
  problem: Problem | undefined;
  /** It was deleted while it was shown. */
  deleted: boolean;
  reload: () => void;
}

export function useJob(id: number): LiveJob {
  const loaded = useLoad((signal) => readJob(id, signal), String(id));
  const [job, setJob] = useState<Job | undefined>(undefined);
  const [deleted, setDeleted] = useState(false);
  const lastState = useRef<string | undefined>(undefined);

  useEffect(() => {
    const data = loaded.data;
    if (data) setJob((shown) => newer(shown, data));
  }, [loaded.data]);

  useEffect(() => {
    if (job && lastState.current && lastState.current !== job.state) {
      announce(text.job.stateChanged(job.id, text.states[job.state] ?? job.state));
    }
    lastState.current = job?.state;
  }, [job?.state]);

  // The stream is opened once the job is known to exist: a stream on no job would be tried again for ever.
  useFeed(job && !deleted ? eventsAddress(id) : undefined, (name, data) => {
    if (name === 'snapshot' || name === 'job') setJob((shown) => newer(shown, data as Job));
    else if (name === 'log') setJob((shown) => shown && withGrowth(shown, data as LogGrowth));
    else if (name === 'deleted') setDeleted(true);
    else if (name === 'environment' && job && !hasEnded(job) && (data as EnvironmentChange).name === job.environment) loaded.reload();
  });
  return { job, problem: job ? undefined : loaded.problem, deleted, reload: loaded.reload };
}
