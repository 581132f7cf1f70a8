// SPDX-License-Identifier: Apache-2.0
// The time now, as pages show it: it moves once a second while the page is seen.
import { signal } from '@preact/signals';

export const now = signal(Date.now());

setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1_000);
document.addEventListener('visibilitychange', () => {
  now.value = Date.now();
});
