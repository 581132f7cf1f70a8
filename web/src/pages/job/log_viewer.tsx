// SPDX-License-Identifier: Apache-2.0
// Reads one log: opens at its end whatever its size, follows it while the reader is there, finds, jumps, hands it out raw.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import type { LogName } from '../../api/types';
import { size } from '../../format/size';
import { Icon } from '../../parts/icons';
import { Loading, ProblemNote } from '../../parts/problem_note';
import { isShortcut } from '../../parts/shortcuts';
import { text } from '../../text/en';
import { LogDownload } from './log_download';
import { LogFind } from './log_find';
import { useLogView, type LogView } from './use_log_view';

const words = text.log;

interface LogViewerProps {
  name: LogName;
  title: string;
  /** How long the server last said that it is. */
  told: number;
  revision: number;
}

function IconButton({ icon, label, onClick }: { icon: 'top' | 'bottom' | 'expand'; label: string; onClick: () => void }) {
  return (
    <button type="button" class="button button-quiet button-icon" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

function FollowToggle({ view }: { view: LogView }) {
  if (view.loader.complete.value) return null;
  return (
    <button
      type="button"
      class="button button-toggle"
      aria-pressed={view.follows.value}
      title={words.followHint}
      onClick={() => view.toggleFollow()}
    >
      <Icon name="follow" />
      {words.follow}
    </button>
  );
}

function StatusLine({ view }: { view: LogView }) {
  const { loader } = view;
  // Read for its news: the buffer itself tells nobody when it changes.
  void loader.version.value;
  const whole = loader.size.value;
  if (!loader.opened.value) return <p class="log-status" />;
  const isWhole = loader.buffer.size >= whole;
  return (
    <p class="log-status">
      <span>{size(whole)}</span>
      {isWhole ? <span>{words.lines(loader.buffer.lines)}</span> : <span>{words.partly(loader.buffer.size, whole)}</span>}
      {!loader.atStart && <span>{words.numbersUnknown}</span>}
      <span>{loader.complete.value ? words.complete : words.growing}</span>
    </p>
  );
}

function EmptyLog({ view }: { view: LogView }) {
  const { loader } = view;
  void loader.version.value;
  if (loader.problem.value) return <ProblemNote problem={loader.problem.value} retry={() => void view.open()} />;
  if (!loader.opened.value) return <Loading what={words.loading} />;
  if (loader.buffer.rows > 0) return null;
  return <p class="log-empty">{loader.complete.value ? words.empty : words.emptyYet}</p>;
}

/** Keys of the log that work while the page is shown; Ctrl+F twice is the browser's own search. */
function useLogKeys(view: LogView): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const find = document.getElementById('log-find');
      if ((event.ctrlKey || event.metaKey) && event.key === 'f' && find && document.activeElement !== find) {
        event.preventDefault();
        find.focus();
      } else if (event.key === 'f' && isShortcut(event)) {
        event.preventDefault();
        view.toggleFollow();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

export function LogViewer({ name, title, told, revision }: LogViewerProps) {
  const frame = useRef<HTMLDivElement>(null);
  const viewport = useRef<HTMLDivElement>(null);
  const view = useLogView(name, told, viewport);
  const isFull = useSignal(false);
  useLogKeys(view);
  useEffect(() => {
    if (!view.loader.complete.peek()) void view.loader.grow(told);
  }, [told, revision]);
  useEffect(() => {
    const onChange = (): void => {
      isFull.value = document.fullscreenElement === frame.current;
    };
    document.addEventListener('fullscreenchange', onChange);
    return () => document.removeEventListener('fullscreenchange', onChange);
  }, []);
  const toggleFull = (): void => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void frame.current?.requestFullscreen();
  };
  return (
    <div ref={frame} class={`log${isFull.value ? ' log-full' : ''}`}>
      <div class="log-bar">
        <h2 class="log-title clip" title={title}>
          {title}
        </h2>
        <LogFind view={view} />
        <span class="row log-tools">
          <FollowToggle view={view} />
          <IconButton icon="top" label={words.toStart} onClick={() => void view.toStart()} />
          <IconButton icon="bottom" label={words.toEnd} onClick={() => void view.toEnd()} />
          <IconButton icon="expand" label={words.fullScreen} onClick={toggleFull} />
          <LogDownload name={name} loader={view.loader} />
        </span>
      </div>
      <div class="log-body">
        <div
          ref={viewport}
          class="log-viewport"
          role="region"
          aria-label={words.region(title)}
          tabIndex={0}
          onKeyDown={(event) => {
            if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
            if (view.onKey(event.key)) event.preventDefault();
          }}
        />
        <EmptyLog view={view} />
      </div>
      <StatusLine view={view} />
    </div>
  );
}
