// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { runStates, type Counts, type Job, type JobSummary } from '../../src/api/types';
import { newer, withGrowth, withNews } from '../../src/state/job_news';

const counts = Object.fromEntries(runStates.map((state) => [state, 0])) as Counts;

function summary(id: number, revision: number, state: JobSummary['state'] = 'waiting'): JobSummary {
  const nobody = { user: 'u', environment: 'e', branch: 'b', commit: 'c', reason: '', counts };
  return { id, revision, state, created_at: '', started_at: null, finished_at: null, ...nobody };
}

function job(revision: number, logBytes: number): Job {
  const run = { scenario: 's', attempt: 1, state: 'in_progress' as const, reason: '', started_at: null, finished_at: null };
  return { ...summary(1, revision), runs: [{ ...run, exit_code: null, log_bytes: logBytes }], log_bytes: 5 };
}

test('a row takes newer news and leaves older ones and those of other jobs', () => {
  const page = { jobs: [summary(2, 5), summary(1, 3)], next: null };
  assert.equal(withNews(page, summary(2, 6, 'passed')).jobs[0]?.state, 'passed');
  assert.equal(withNews(page, summary(2, 4, 'passed')).jobs[0]?.state, 'waiting');
  assert.deepEqual(withNews(page, summary(9, 9)), page);
});

test('a job never goes back', () => {
  assert.equal(newer(job(5, 0), job(4, 0)).revision, 5);
  assert.equal(newer(job(5, 0), job(6, 0)).revision, 6);
  assert.equal(newer(undefined, job(1, 0)).revision, 1);
});

test('a log grows and never shrinks', () => {
  const grown = (scenario: string, bytes: number) => withGrowth(job(1, 10), { id: 1, scenario, attempt: 1, log_bytes: bytes });
  assert.equal(grown('s', 20).runs[0]?.log_bytes, 20);
  assert.equal(grown('s', 9).runs[0]?.log_bytes, 10);
  assert.equal(grown('other', 20).runs[0]?.log_bytes, 10);
  assert.equal(grown('', 6).log_bytes, 6);
  assert.equal(grown('', 4).log_bytes, 5);
});
