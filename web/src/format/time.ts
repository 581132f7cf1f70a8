// SPDX-License-Identifier: Apache-2.0
// Times and durations in words. Pure: the time now is an argument.
const kSecond = 1_000;
const kMinute = 60 * kSecond;
const kHour = 60 * kMinute;
const kDay = 24 * kHour;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'long' });
const absolute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });

/** "just now", "5 minutes ago", "yesterday"; a clock that runs a little ahead is no reason to show the future. */
export function relativeTime(time: number, now: number): string {
  const ago = Math.max(0, now - time);
  if (ago < 10 * kSecond) return 'just now';
  if (ago < kMinute) return relative.format(-Math.floor(ago / kSecond), 'second');
  if (ago < kHour) return relative.format(-Math.floor(ago / kMinute), 'minute');
  if (ago < kDay) return relative.format(-Math.floor(ago / kHour), 'hour');
  if (ago < 30 * kDay) return relative.format(-Math.floor(ago / kDay), 'day');
  if (ago < 365 * kDay) return relative.format(-Math.floor(ago / (30 * kDay)), 'month');
  return relative.format(-Math.floor(ago / (365 * kDay)), 'year');
}

/** The full date and time in the reader's zone, with the zone. */
export function absoluteTime(time: number): string {
  return absolute.format(time);
}

/** "0.4 s", "12 s", "3 min 07 s", "2 h 05 min", "1 d 4 h". */
export function duration(milliseconds: number): string {
  const span = Math.max(0, milliseconds);
  if (span < 9_950) return `${(span / kSecond).toFixed(1)} s`;
  const seconds = Math.round(span / kSecond);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** "< 0.1 ms", "0.3 ms", "12 ms", "1.4 s": how long a call took. */
export function latency(microseconds: number): string {
  const milliseconds = microseconds / 1_000;
  if (milliseconds < 0.05) return '< 0.1 ms';
  if (milliseconds < 9.95) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  return duration(milliseconds);
}

/** Milliseconds between two RFC 3339 times, the second of which may still be to come; undefined without a start. */
export function elapsed(startedAt: string | null, finishedAt: string | null, now: number): number | undefined {
  if (!startedAt) return undefined;
  const end = finishedAt ? Date.parse(finishedAt) : now;
  return Math.max(0, end - Date.parse(startedAt));
}
