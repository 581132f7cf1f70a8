// SPDX-License-Identifier: Apache-2.0
// A state: icon, word and colour, of which the word is the one that counts.
import { runStates, type Counts, type RunState } from '../api/types';
import { count } from '../format/size';
import { text } from '../text/en';
import { Icon } from './icons';

/** States may be added by a newer server: an unknown one is shown by its own word. */
function isKnown(state: string): state is RunState {
  return (runStates as readonly string[]).includes(state);
}

export function stateWord(state: string): string {
  return isKnown(state) ? text.states[state] : state;
}

export function StateBadge({ state, large = false }: { state: string; large?: boolean }) {
  const known = isKnown(state);
  return (
    <span class={`state state-${known ? state : 'unknown'}${large ? ' state-large' : ''}`} title={known ? text.stateMeanings[state] : undefined}>
      <Icon name={known ? state : 'info'} />
      <span>{stateWord(state)}</span>
    </span>
  );
}

const kOrder: RunState[] = ['failed', 'errored', 'aborted', 'passed', 'skipped', 'in_progress', 'waiting'];

/** "2 failed, 14 passed": how a job's scenarios stand, as a bar and in words. */
export function CountsBar({ counts }: { counts: Counts }) {
  const present = kOrder.filter((state) => counts[state] > 0);
  const total = present.reduce((sum, state) => sum + counts[state], 0);
  if (total === 0) return <span class="quiet">–</span>;
  const words = present.map((state) => text.counts.some(counts[state], text.states[state])).join(', ');
  return (
    <span class="counts" title={words}>
      <svg class="counts-bar" viewBox={`0 0 ${total} 1`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {present.map((state, at) => (
          <rect
            key={state}
            class={`fill-${state}`}
            x={present.slice(0, at).reduce((sum, before) => sum + counts[before], 0)}
            width={counts[state]}
            height="1"
          />
        ))}
      </svg>
      <span class="counts-words">
        {present.map((state) => (
          <span key={state} class={`counts-word state-${state}`}>
            <Icon name={state} />
            <span class="visually-hidden">{text.states[state]} </span>
            {count(counts[state])}
          </span>
        ))}
      </span>
    </span>
  );
}
