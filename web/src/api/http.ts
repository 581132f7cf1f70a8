// SPDX-License-Identifier: Apache-2.0
// One way to call the server: cookie, CSRF header, JSON in and out, errors as Problem.
import { Problem, readProblem } from './problem';

/** What the session gives to calls, and what calls tell the session; set once by state/session.ts. */
export const credentials = {
  csrfToken: '',
  /** Called when the server no longer knows our session. */
  onExpired: (): void => {},
};

export interface CallOptions {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** A 401 is this call's own answer (a wrong password), not the end of the session. */
  expects401?: boolean;
}

/** The bare response of a call that was answered 2xx. @throws Problem, or the AbortError of `signal`. */
export async function call(path: string, options: CallOptions = {}): Promise<Response> {
  const method = options.method ?? 'GET';
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET') headers['X-CSRF-Token'] = credentials.csrfToken;
  const init: RequestInit = { method, headers, credentials: 'same-origin' };
  if (options.body !== undefined) init.body = JSON.stringify(options.body);
  if (options.signal) init.signal = options.signal;
  const response = await fetch(path, init);
  if (response.ok) return response;
  if (response.status === 401 && !options.expects401) credentials.onExpired();
  throw await readProblem(response);
}

/** The JSON of a call that was answered 2xx. */
export async function callJson<T>(path: string, options: CallOptions = {}): Promise<T> {
  const response = await call(path, options);
  try {
    return (await response.json()) as T;
  } catch (error) {
    if (error instanceof SyntaxError) throw new Problem(response.status, `The answer to ${path} is not JSON`);
    throw error;
  }
}

/** `?a=1&b=2` of what is set and not empty; empty when nothing is. */
export function queryString(fields: object): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined && value !== '') query.set(key, String(value));
  }
  const written = query.toString();
  return written ? `?${written}` : '';
}
