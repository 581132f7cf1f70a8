// SPDX-License-Identifier: Apache-2.0

/**
 * A path of this program with its query, or undefined. `candidate` comes from the address of the login page, that is from
 * whoever made the link: it must never lead to another server, whatever browsers make of `//x`, `/\\x` or a tab in between.
 */
export function localAddress(candidate: string | null, origin: string): string | undefined {
  if (!candidate || !candidate.startsWith('/')) return undefined;
  try {
    const parsed = new URL(candidate, origin);
    const local = parsed.pathname + parsed.search;
    return parsed.origin === origin && !local.startsWith('//') ? local : undefined;
  } catch {
    return undefined;
  }
}
