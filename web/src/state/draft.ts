// SPDX-License-Identifier: Apache-2.0
// What is being put together on the page of a new job. Environment, branch and step stand in the address; the chosen
// scenarios can be thousands, so they are kept by the tab: they survive a reload, and two tabs do not disturb each other.
import type { Submission } from '../api/types';

interface Draft {
  submission: Submission;
  /** Made once for what is submitted: pressing the button twice, or again after a lost answer, makes one job. */
  key: string;
}

const kKey = 'testarena.draft';
let inMemory: Draft | undefined;

/** 128 random bits. Not crypto.randomUUID(), which browsers have on secure connections only. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function isSubmission(value: unknown): value is Submission {
  if (typeof value !== 'object' || value === null) return false;
  const { environment, branch, commit, scenarios } = value as Record<string, unknown>;
  return (
    [environment, branch, commit].every((field) => typeof field === 'string') &&
    Array.isArray(scenarios) &&
    scenarios.every((name) => typeof name === 'string')
  );
}

function readStored(): Draft | undefined {
  try {
    const stored: unknown = JSON.parse(window.sessionStorage.getItem(kKey) ?? 'null');
    if (typeof stored !== 'object' || stored === null) return undefined;
    const { submission, key } = stored as Partial<Draft>;
    return isSubmission(submission) && typeof key === 'string' ? { submission, key } : undefined;
  } catch {
    return undefined; // no storage, or what another version left
  }
}

/** The draft for this environment and branch, if there is one. */
export function draftOf(environment: string, branch: string): Draft | undefined {
  inMemory ??= readStored();
  const kept = inMemory?.submission;
  return kept && kept.environment === environment && kept.branch === branch ? inMemory : undefined;
}

/** Keeps a choice; only another choice gets another key. */
export function keepDraft(submission: Submission): void {
  const before = inMemory ?? readStored();
  const isSame = before && JSON.stringify(before.submission) === JSON.stringify(submission);
  inMemory = { submission, key: isSame ? before.key : randomKey() };
  try {
    window.sessionStorage.setItem(kKey, JSON.stringify(inMemory));
  } catch {
    // No storage, or full: then a reload loses the choice.
  }
}

export function dropDraft(): void {
  inMemory = undefined;
  try {
    window.sessionStorage.removeItem(kKey);
  } catch {
    // See keepDraft().
  }
}
