// SPDX-License-Identifier: Apache-2.0
// Short words about what just happened: shown for a while, and read out politely.
import { signal } from '@preact/signals';

export interface Notice {
  id: number;
  kind: 'done' | 'problem';
  text: string;
}

export const notices = signal<Notice[]>([]);
/** The last thing to be read out; not shown. */
export const announcement = signal('');

const kShownFor = 6_000;
let lastId = 0;

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/** A problem stays until it is dismissed: what went wrong must not vanish while somebody looks away. */
export function notify(kind: Notice['kind'], text: string): void {
  const notice = { id: ++lastId, kind, text };
  notices.value = [...notices.value.slice(-3), notice];
  if (kind === 'done') setTimeout(() => dismiss(notice.id), kShownFor);
}

export function announce(text: string): void {
  announcement.value = text;
}
