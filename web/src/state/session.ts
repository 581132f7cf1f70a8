// SPDX-License-Identifier: Apache-2.0
// Who is logged in.
import { computed, signal } from '@preact/signals';

import * as api from '../api/client';
import { credentials } from '../api/http';
import { Problem } from '../api/problem';
import type { JobSummary, Session } from '../api/types';
import { address, navigate } from './router';

/** undefined: not asked yet; null: nobody. */
export const session = signal<Session | null | undefined>(undefined);
export const user = computed(() => session.value?.user);
export const isAdministrator = computed(() => user.value?.role === 'administrator');
export const maySubmit = computed(() => user.value !== undefined && user.value.role !== 'viewer');
/** Set when a session ended by itself, so that the login page can say why it is there. */
export const hasExpired = signal(false);

/** Owners and administrators may abort and delete; the server decides, this only hides what it would refuse. */
export function mayChange(job: JobSummary): boolean {
  return isAdministrator.value || (maySubmit.value && user.value?.username === job.user);
}

function take(next: Session | null): void {
  credentials.csrfToken = next?.csrf_token ?? '';
  session.value = next;
}

/** Asks the server who we are. @throws Problem when it cannot be reached. */
export async function restoreSession(): Promise<void> {
  try {
    take(await api.readSession());
  } catch (error) {
    if (error instanceof Problem && error.status === 401) take(null);
    else throw error;
  }
}

export async function logIn(username: string, password: string): Promise<void> {
  take(await api.logIn(username, password));
  hasExpired.value = false;
}

export async function logOut(): Promise<void> {
  await api.logOut();
  take(null);
  navigate('/login');
}

/** The login page's address that leads back to the page shown now. */
export function loginAddress(): string {
  const here = address.peek();
  const query = here.query.toString();
  const next = here.path + (query ? `?${query}` : '');
  return next === '/' || here.path === '/login' ? '/login' : `/login?next=${encodeURIComponent(next)}`;
}

credentials.onExpired = () => {
  if (!session.peek()) return;
  hasExpired.value = true;
  take(null);
};
