// SPDX-License-Identifier: Apache-2.0
// Finds text in the loaded part of a log and goes from hit to hit.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { LogSearch } from '../../log/log_search';
import { Icon } from '../../parts/icons';
import { text } from '../../text/en';
import type { LogView } from './use_log_view';

const words = text.log;
const kPause = 120;

/** A pause in which the page can draw and take keys. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** The place in `hits` of the first hit at or after `row`, or the first of all. */
function firstFrom(hits: number[], row: number): number {
  const at = hits.findIndex((hit) => hit >= row);
  return at < 0 ? 0 : at;
}

export function LogFind({ view }: { view: LogView }) {
  const hits = useSignal<number[] | undefined>(undefined);
  const at = useSignal(-1);
  const needle = useSignal('');
  const turn = useRef(0);
  const search = useRef(new LogSearch(''));
  const field = useRef<HTMLInputElement>(null);

  /** Searches; `move` goes to the first hit at or after what is in view. */
  const run = async (move: boolean): Promise<void> => {
    const mine = ++turn.current;
    const found = await search.current.rows(view.loader.buffer, async () => {
      await nextTask();
      return mine === turn.current;
    });
    if (mine !== turn.current) return;
    if (!found) return void run(move); // the log changed meanwhile
    hits.value = found;
    if (move) go(firstFrom(found, view.firstRow()));
    else at.value = Math.min(at.peek(), found.length - 1);
  };

  const go = (next: number): void => {
    const all = hits.peek() ?? [];
    if (all.length === 0) {
      at.value = -1;
      return;
    }
    at.value = (next + all.length) % all.length;
    view.showHit(all[at.value] ?? 0);
  };

  const start = (value: string): void => {
    needle.value = value;
    search.current = new LogSearch(value);
    view.search(value);
    hits.value = undefined;
    at.value = -1;
    ++turn.current;
  };

  useEffect(() => {
    if (!needle.value) return;
    const timer = setTimeout(() => void run(true), kPause);
    return () => clearTimeout(timer);
  }, [needle.value]);

  useEffect(
    () =>
      view.loader.version.subscribe(() => {
        if (needle.peek()) void run(false);
      }),
    [],
  );

  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') go(at.value + (event.shiftKey ? -1 : 1));
    else if (event.key === 'Escape' && needle.value) start('');
    else return;
    event.preventDefault();
  };

  const { loader } = view;
  const isPart = loader.buffer.size < loader.size.value;
  const all = hits.value;
  return (
    <search class="log-find">
      <label class="search">
        <span class="visually-hidden">{words.find}</span>
        <Icon name="search" />
        <input
          ref={field}
          id="log-find"
          type="search"
          value={needle.value}
          placeholder={words.findPlaceholder}
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => start(event.currentTarget.value)}
          onKeyDown={onKey}
        />
      </label>
      {needle.value && (
        <>
          <span class="log-hits number" role="status" title={isPart ? words.partlySearched(loader.buffer.size, loader.size.value) : undefined}>
            {all ? words.hits(at.value + 1, all.length) : words.searching}
            {isPart && all && '*'}
          </span>
          <button type="button" class="button button-quiet button-icon" aria-label={words.findPrevious} title={words.findPrevious} onClick={() => go(at.value - 1)}>
            <Icon name="up" />
          </button>
          <button type="button" class="button button-quiet button-icon" aria-label={words.findNext} title={words.findNext} onClick={() => go(at.value + 1)}>
            <Icon name="down" />
          </button>
        </>
      )}
    </search>
  );
}
