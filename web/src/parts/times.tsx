// SPDX-License-Identifier: Apache-2.0
// Times and durations that move on by themselves.
import { absoluteTime, duration, elapsed, relativeTime } from '../format/time';
import { now } from '../state/clock';

/** "5 minutes ago", with the full date and time as its title. */
export function TimeAgo({ time }: { time: string }) {
  const at = Date.parse(time);
  if (Number.isNaN(at)) return <span>{time}</span>;
  return (
    <time dateTime={time} title={absoluteTime(at)}>
      {relativeTime(at, now.value)}
    </time>
  );
}

/** How long it is until a time; `words` gets whole seconds, 0 when the time has come. */
export function Countdown({ to, words }: { to: string; words: (seconds: number) => string }) {
  const at = Date.parse(to);
  return <span title={absoluteTime(at)}>{words(Math.max(0, Math.ceil((at - now.value) / 1_000)))}</span>;
}

/** How long something took, or has been taking so far. */
export function Elapsed({ from, to }: { from: string | null; to: string | null }) {
  // A span that has ended does not listen to the clock: thousands of rows would be drawn each second for nothing.
  const span = elapsed(from, to, to ? 0 : now.value);
  return <span class="number">{span === undefined ? '–' : duration(span)}</span>;
}
