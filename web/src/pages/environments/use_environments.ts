// SPDX-License-Identifier: Apache-2.0
// The environments, kept as the server has them.
import { useEffect, useRef, useState } from 'preact/hooks';

import { environmentEventsAddress, readEnvironments } from '../../api/client';
import type { Environment } from '../../api/types';
import { useFeed } from '../../parts/use_feed';
import { useLoad, type Loaded } from '../../parts/use_load';
import { announce } from '../../state/notices';
import { text } from '../../text/en';

// A change of state is told at once; numbers that only grow and shrink are asked for now and then.
const kAskAnyway = 5_000;
const kAskAgainAfter = 300;

/** "lab: unreachable": what has changed for worse or better since `before`, for who cannot see the colours. */
export function stateNews(before: Environment[], now: Environment[]): string {
  return now
    .filter(({ name, state }) => before.some((known) => known.name === name && known.state !== state))
    .map(({ name, state }) => text.environments.stateChanged(name, state))
    .join(' ');
}

export function useEnvironments(): Loaded<{ environments: Environment[] }> {
  const loaded = useLoad((signal) => readEnvironments(signal), '');
  const [shown, setShown] = useState<{ environments: Environment[] } | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const show = (next: { environments: Environment[] }): void =>
    setShown((before) => {
      const news = before && stateNews(before.environments, next.environments);
      if (news) announce(news);
      return next;
    });

  useEffect(() => {
    if (loaded.data) show(loaded.data);
  }, [loaded.data]);
  useEffect(() => {
    const regularly = setInterval(() => {
      if (!document.hidden) loaded.reload();
    }, kAskAnyway);
    return () => {
      clearInterval(regularly);
      clearTimeout(timer.current);
    };
  }, []);
  useFeed(environmentEventsAddress(), (name, data) => {
    if (name === 'snapshot') show(data as { environments: Environment[] });
    if (name === 'environment') {
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        loaded.reload();
      }, kAskAgainAfter);
    }
  });
  return { ...loaded, data: shown };
}
