// SPDX-License-Identifier: Apache-2.0
// The steps of a new job and their addresses.
import { queryString } from '../../api/http';

export const steps = ['branch', 'scenarios', 'review'] as const;
export type Step = (typeof steps)[number];

/** What the address says about the job that is put together. */
export interface Choice {
  step: Step;
  environment: string;
  branch: string;
  /** The commit that was shown when the branch was chosen. */
  commit: string;
}

/** Reads the address; a step whose requirements are missing falls back to the first. */
export function choiceOf(query: URLSearchParams): Choice {
  const environment = query.get('environment') ?? '';
  const branch = query.get('branch') ?? '';
  const wanted = steps.find((step) => step === query.get('step')) ?? 'branch';
  return { step: environment && branch ? wanted : 'branch', environment, branch, commit: query.get('commit') ?? '' };
}

export function stepAddress({ step, environment, branch, commit }: Choice): string {
  const first = step === 'branch';
  return `/jobs/new${queryString({ environment, branch, commit: first ? '' : commit, step: first ? '' : step })}`;
}
