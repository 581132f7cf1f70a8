// SPDX-License-Identifier: Apache-2.0
// What went wrong, in words, and what can be done about it.
import type { ComponentChildren } from 'preact';

import type { Problem } from '../api/problem';
import { text } from '../text/en';
import { Icon } from './icons';

export function ProblemNote({ problem, retry }: { problem: Problem; retry?: (() => void) | undefined }) {
  return (
    <div class="note note-problem" role="alert">
      <Icon name="errored" />
      <div class="note-body">
        <strong>{problem.title}</strong>
        {problem.detail && <p>{problem.detail}</p>}
        {problem.fields.length > 0 && (
          <ul>
            {problem.fields.map((field) => (
              <li key={field}>{field}</li>
            ))}
          </ul>
        )}
        {problem.retryAfter > 0 && <p>{text.problem.retryAfter(problem.retryAfter)}</p>}
        {retry && (
          <button type="button" class="button" onClick={retry}>
            {text.problem.retry}
          </button>
        )}
      </div>
    </div>
  );
}

export function Note({ kind = 'info', children }: { kind?: 'info' | 'warning'; children: ComponentChildren }) {
  return (
    <div class={`note note-${kind}`}>
      <Icon name={kind === 'info' ? 'info' : 'errored'} />
      <div class="note-body">{children}</div>
    </div>
  );
}

/** A page or table with nothing in it says so, and what to do. */
export function EmptyState({ title, hint, children }: { title: string; hint?: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name="empty" large />
      <p class="empty-title">{title}</p>
      {hint && <p class="quiet">{hint}</p>}
      {children}
    </div>
  );
}

export function Loading({ what }: { what: string }) {
  return (
    <p class="loading" role="status">
      <span class="spinner" aria-hidden="true" />
      {what}
    </p>
  );
}
