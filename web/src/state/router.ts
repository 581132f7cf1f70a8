// SPDX-License-Identifier: Apache-2.0
// The address is the state: pages read it here and change it here.
import { signal } from '@preact/signals';

export interface Address {
  path: string;
  query: URLSearchParams;
}

function readAddress(): Address {
  return { path: window.location.pathname, query: new URLSearchParams(window.location.search) };
}

export const address = signal<Address>(readAddress());

window.addEventListener('popstate', () => {
  address.value = readAddress();
});

/** Goes to an address of this program. `replace` leaves no entry to come back to. */
export function navigate(to: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'replace') window.history.replaceState(null, '', to);
  else window.history.pushState(null, '', to);
  const before = address.peek().path;
  address.value = readAddress();
  if (address.peek().path !== before) window.scrollTo(0, 0);
}

/** The shown address with some fields of its query set (or, empty, taken away). */
export function withQuery(changes: Record<string, string>): string {
  const query = new URLSearchParams(address.peek().query);
  for (const [key, value] of Object.entries(changes)) {
    if (value) query.set(key, value);
    else query.delete(key);
  }
  const written = query.toString();
  return address.peek().path + (written ? `?${written}` : '');
}

/** Lets plain clicks on links of this program change the page without loading it anew; all others are the browser's. */
export function followLinks(root: HTMLElement): void {
  root.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target || link.hasAttribute('download') || link.origin !== window.location.origin) return;
    if (link.pathname.startsWith('/api/') || link.getAttribute('href')?.startsWith('#')) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}
