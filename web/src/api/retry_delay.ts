// SPDX-License-Identifier: Apache-2.0
const kFirstDelay = 1_000;
const kLongestDelay = 30_000;

/** Milliseconds before attempt number `attempt` (from 1): doubling, with a quarter of chance (0 to 1) so that tabs spread. */
export function retryDelay(attempt: number, chance: number): number {
  const delay = Math.min(kLongestDelay, kFirstDelay * 2 ** (attempt - 1));
  return Math.round(delay * (0.875 + chance / 4));
}
