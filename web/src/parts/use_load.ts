// SPDX-License-Identifier: Apache-2.0
// Loading what a page shows.
import { useEffect, useRef, useState } from 'preact/hooks';

import { asProblem, isCancelled, type Problem } from '../api/problem';

export interface Loaded<T> {
  data: T | undefined;
  problem: Problem | undefined;
  loading: boolean;
  /** Asks again; what is shown stays until the answer comes. */
  reload: () => void;
}

/**
 * Calls `load` now and whenever `key` changes; an answer that comes too late, for an older key, is thrown away.
 * Data of the older key stays while the new one loads, unless `forget` is set.
 */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, key: string, forget = true): Loaded<T> {
  const [state, setState] = useState<{ key: string; data: T | undefined; problem: Problem | undefined; loading: boolean }>({
    key,
    data: undefined,
    problem: undefined,
    loading: true,
  });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;

  useEffect(() => {
    const cancel = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    latest
      .current(cancel.signal)
      .then((data) => {
        if (!cancel.signal.aborted) setState({ key, data, problem: undefined, loading: false });
      })
      .catch((error: unknown) => {
        if (cancel.signal.aborted || isCancelled(error)) return;
        setState((before) => ({ key, data: before.key === key ? before.data : undefined, problem: asProblem(error), loading: false }));
      });
    return () => cancel.abort();
  }, [key, turn]);

  const isOld = state.key !== key;
  return {
    data: isOld && forget ? undefined : state.data,
    problem: isOld ? undefined : state.problem,
    loading: state.loading || isOld,
    reload: () => setTurn((before) => before + 1),
  };
}
