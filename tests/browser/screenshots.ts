// SPDX-License-Identifier: Apache-2.0
// Pictures of every page, with much data and with none, for whoever changes how they look, and the one in the README:
//   npm run screenshots -- FOLDER
import { mkdirSync } from 'node:fs';
import path from 'node:path';

import { Arena } from './support/arena';
import { Station } from './support/station';
import { Visitor } from './support/visitor';

const folder = path.resolve(process.argv[2] ?? 'screenshots');
mkdirSync(folder, { recursive: true });
// One more environment, where nobody listens.
const arena = new Arena(
  (self) => `[[environment]]
name = "bench-7"
executor = { plugin = "http_executor", url = "http://127.0.0.1:9" }
discoverer = { plugin = "git_discoverer", repository = ${JSON.stringify(self.repository.folder)} }
`,
);
const station = new Station(arena);
const admin = { name: 'admin', password: '' };

async function take(visitor: Visitor, name: string, window: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await visitor.page.emulateMedia({ colorScheme });
    await visitor.page.waitForFunction((wanted) => document.documentElement.dataset['theme'] === wanted, colorScheme);
    await visitor.page.screenshot({ path: path.join(folder, `${name}-${window}-${colorScheme}.png`) });
  }
}

async function emptyPages(visitor: Visitor, window: string): Promise<void> {
  const { page } = visitor;
  await page.goto('/login');
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await take(visitor, 'login', window);
  await visitor.logIn('admin', admin.password);
  await page.goto('/jobs');
  await page.getByText('No jobs yet').waitFor();
  await take(visitor, 'jobs-none', window);
}

async function fullPages(visitor: Visitor, window: string, { job, waiting, errored }: Record<'job' | 'waiting' | 'errored', number>): Promise<void> {
  const { page } = visitor;
  await page.goto('/jobs');
  await page.getByRole('link', { name: `Job ${job}`, exact: true }).waitFor();
  await take(visitor, 'jobs', window);
  await page.goto('/jobs/new?environment=local&branch=main');
  await page.getByRole('button', { name: 'Choose scenarios' }).waitFor();
  await take(visitor, 'new-branch', window);
  await page.goto('/jobs/new?environment=local&branch=main&step=scenarios');
  await page.getByRole('button', { name: /^Select all/ }).click();
  await take(visitor, 'new-scenarios', window);
  await page.getByRole('button', { name: 'Review' }).click();
  await take(visitor, 'new-review', window);
  await page.goto('/jobs/new?environment=local&branch=broken-manifest&step=scenarios');
  await page.getByText(/mistakes? on this commit/).waitFor();
  await take(visitor, 'new-mistakes', window);
  await page.goto(`/jobs/${job}`);
  await page.getByRole('link', { name: 'smoke/fails' }).waitFor();
  await take(visitor, 'job', window);
  await page.goto(`/jobs/${job}?tab=logs&scenario=logs%2Fcoloured&attempt=1`);
  await page.getByRole('region', { name: 'Log: logs/coloured' }).getByText('over the line end').waitFor();
  await take(visitor, 'log', window);
  await page.goto('/environments');
  await page.getByText('Unreachable', { exact: true }).waitFor();
  await take(visitor, 'environments', window);
  await page.goto(`/jobs/${waiting}`);
  await page.getByText(/^not sent yet:/).waitFor();
  await take(visitor, 'job-waiting', window);
  await page.goto(`/jobs/${errored}`);
  await page.getByText(/which is not the same as failed/).waitFor();
  await take(visitor, 'job-errored', window);
  await page.goto('/plugins');
  await page.getByText('sqlite_storage').first().waitFor();
  await take(visitor, 'plugins', window);
}

try {
  await arena.start();
  admin.password = arena.adminPassword;
  const windows = [
    ['wide', 1280, 860],
    ['narrow', 360, 740],
  ] as const;
  const visitors: Visitor[] = [];
  for (const [name, width, height] of windows) {
    const visitor = await Visitor.come(arena, { width, height });
    visitors.push(visitor);
    await emptyPages(visitor, name);
  }
  for (let i = 0; i < 60; ++i) {
    const scenarios = [['smoke/passes'], ['smoke/fails', 'smoke/passes'], ['smoke/skips', 'smoke/passes']][i % 3] ?? [];
    await arena.submit(admin, 'main', scenarios);
  }
  const job = await arena.submit(admin, 'main', ['smoke/passes', 'smoke/fails', 'smoke/skips', 'logs/coloured']);
  await arena.waitForEnd(admin, job);
  const waiting = await arena.submit(admin, 'main', ['smoke/passes'], 'bench-7');
  const errored = await arena.submit(admin, 'broken-setup', ['smoke/passes', 'smoke/fails']);
  await arena.waitForEnd(admin, errored);
  await arena.submit(admin, 'main', ['slow/waits', 'smoke/passes']);
  for (const [i, [name]] of windows.entries()) await fullPages(visitors[i] as Visitor, name, { job, waiting, errored });
  for (const visitor of visitors) await visitor.leave();
  station.release('waits');
} finally {
  await arena.close();
}
