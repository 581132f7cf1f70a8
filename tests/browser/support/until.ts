// SPDX-License-Identifier: Apache-2.0
import { setTimeout as pause } from 'node:timers/promises';

/** So long a machine that does everything at once may take; reached only when the condition never comes true. */
export const kPatience = 60_000;

/** Waits until `condition` is true; says what it waited for when that does not happen. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + kPatience;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`did not happen within ${kPatience / 1_000} s: ${what}`);
    await pause(50);
  }
}
