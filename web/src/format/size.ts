// SPDX-License-Identifier: Apache-2.0
// Numbers and sizes in words.
const whole = new Intl.NumberFormat('en');
const units = ['KiB', 'MiB', 'GiB', 'TiB'];

export function count(value: number): string {
  return whole.format(value);
}

/** "0 B", "812 B", "3.4 KiB", "120 MiB". */
export function size(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  let value = bytes / 1_024;
  let unit = 0;
  while (value >= 1_023.95 && unit + 1 < units.length) {
    value /= 1_024;
    ++unit;
  }
  return `${value < 99.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export function shortCommit(commit: string): string {
  return commit.slice(0, 10);
}
