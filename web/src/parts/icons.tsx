// SPDX-License-Identifier: Apache-2.0
// The icons, drawn for a square of 16. They never carry meaning alone: a word always stands beside them or names the button.
import type { JSX } from 'preact';

const shapes = {
  waiting: <><circle cx="8" cy="8" r="6.2" stroke-dasharray="2.4 2.4" /><path d="M8 4.8V8l2.2 1.6" /></>,
  in_progress: <><circle cx="8" cy="8" r="6.2" opacity=".3" /><path d="M8 1.8A6.2 6.2 0 0 1 14.2 8" /></>,
  passed: <><circle cx="8" cy="8" r="6.2" /><path d="m5.2 8.2 2 2 3.7-4.1" /></>,
  failed: <><circle cx="8" cy="8" r="6.2" /><path d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4" /></>,
  skipped: <><circle cx="8" cy="8" r="6.2" /><path d="m5 5.8 2.4 2.2L5 10.2m3.6-4.4L11 8l-2.4 2.2" /></>,
  errored: <><path d="M8 2.2 14.6 13.6H1.4z" /><path d="M8 6.4v3.4m0 1.9v.1" /></>,
  aborted: <><circle cx="8" cy="8" r="6.2" /><path d="m3.8 12.2 8.4-8.4" /></>,
  search: <><circle cx="7" cy="7" r="4.6" /><path d="m10.5 10.5 3.7 3.7" /></>,
  plus: <path d="M8 3v10M3 8h10" />,
  close: <path d="m4 4 8 8m0-8-8 8" />,
  check: <path d="m3 8.6 3.4 3.4L13 4.6" />,
  chevron: <path d="m4.5 6.2 3.5 3.6 3.5-3.6" />,
  left: <path d="M10 3.5 5.5 8l4.5 4.5" />,
  right: <path d="M6 3.5 10.5 8 6 12.5" />,
  up: <path d="m3.5 10 4.5-4.5 4.5 4.5" />,
  down: <path d="m3.5 6 4.5 4.5L12.5 6" />,
  top: <path d="M3.5 2.8h9M8 13.4V6m-3.4 3.2L8 5.8l3.4 3.4" />,
  bottom: <path d="M3.5 13.2h9M8 2.6V10m-3.4-3.2L8 10.2l3.4-3.4" />,
  follow: <path d="M8 2v8.4m-3.8-3.6L8 10.6l3.8-3.8M3 13.8h10" />,
  user: <><circle cx="8" cy="5.4" r="2.8" /><path d="M2.6 14c.5-2.9 2.6-4.4 5.4-4.4s4.9 1.5 5.4 4.4" /></>,
  branch: <><circle cx="4.4" cy="3.6" r="1.7" /><circle cx="4.4" cy="12.4" r="1.7" /><circle cx="11.6" cy="5" r="1.7" /><path d="M4.4 5.3v5.4M11.6 6.7c0 2.4-3 2.6-5.4 3.4" /></>,
  commit: <><circle cx="8" cy="8" r="2.8" /><path d="M1.4 8h3.8m5.6 0h3.8" /></>,
  server: <><rect x="2" y="2.6" width="12" height="4.6" rx="1.2" /><rect x="2" y="8.8" width="12" height="4.6" rx="1.2" /><path d="M4.6 4.9h.1m-.1 6.2h.1" /></>,
  plugin: <path d="M6 2v3m4-3v3M4 5h8v3.4A3.4 3.4 0 0 1 8.6 11.8H7.4A3.4 3.4 0 0 1 4 8.4zm4 6.8V14" />,
  list: <path d="M5.6 4h8M5.6 8h8m-8 4h8M2.4 4h.1m-.1 4h.1m-.1 4h.1" />,
  stop: <><circle cx="8" cy="8" r="6.2" /><rect x="5.7" y="5.7" width="4.6" height="4.6" rx=".6" /></>,
  trash: <path d="M2.6 4.2h10.8M6.2 4V2.4h3.6V4m-5.6.2.6 9.4h6.4l.6-9.4M6.7 6.8v4.2m2.6-4.2v4.2" />,
  copy: <><rect x="5.4" y="5.4" width="8.2" height="8.2" rx="1.4" /><path d="M10.6 5.2V3.6a1.2 1.2 0 0 0-1.2-1.2H3.6a1.2 1.2 0 0 0-1.2 1.2v5.8a1.2 1.2 0 0 0 1.2 1.2h1.6" /></>,
  download: <path d="M8 2.4v7.4M4.8 6.8 8 10l3.2-3.2M2.6 12.2v1.4h10.8v-1.4" />,
  raw: <path d="M4 2h5.4L12.6 5v9H4zM6.2 7h4m-4 2.6h4" />,
  expand: <path d="M9.6 2.4h4v4m0-4-4.4 4.4M6.4 13.6h-4v-4m0 4 4.4-4.4" />,
  info: <><circle cx="8" cy="8" r="6.2" /><path d="M8 7.4v3.8M8 4.9v.1" /></>,
  offline: <path d="m2 2 12 12M4.7 4.9A5.9 5.9 0 0 0 2.2 7m3 2.6a3.7 3.7 0 0 1 3-1.1m2.4-2.9A6 6 0 0 1 13.8 7M8 12.6v.1" />,
  pause: <path d="M5.4 3.4v9.2m5.2-9.2v9.2" />,
  keyboard: <><rect x="1.4" y="3.6" width="13.2" height="8.8" rx="1.4" /><path d="M4 6.4h.1m2.6 0h.1m2.6 0h.1m2.5 0h.1M4.6 9.8h6.8" /></>,
  logOut: <path d="M9.6 4.8V2.6H2.8v10.8h6.8v-2.2M6.4 8h7.4m-2.4-2.4L13.8 8l-2.4 2.4" />,
  empty: <><path d="M2.2 9.2 4 3.4h8l1.8 5.8v3.6H2.2z" /><path d="M2.2 9.2h3.6c.2 1.2 1 1.8 2.2 1.8s2-.6 2.2-1.8h3.6" /></>,
} satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof shapes;

export function Icon({ name, large = false }: { name: IconName; large?: boolean }) {
  return (
    <svg class={`icon icon-${name}${large ? ' icon-large' : ''}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {shapes[name]}
    </svg>
  );
}
