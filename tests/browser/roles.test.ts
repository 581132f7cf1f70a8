// SPDX-License-Identifier: Apache-2.0
// What each role sees and may do.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Arena } from './support/arena';
import { Station } from './support/station';
import { Visitor } from './support/visitor';

const arena = new Arena();
new Station(arena);
const admin = { name: 'admin', password: '' };
let visitor: Visitor;
let job = 0;

before(async () => {
  await arena.start();
  admin.password = arena.adminPassword;
  job = await arena.submit(admin, 'main', ['slow/for_ever']);
});
after(() => arena.close());

async function comeAs(name: string, role: 'viewer' | 'user'): Promise<void> {
  const password = arena.createUser(name, role);
  visitor = await Visitor.come(arena);
  await visitor.open('/jobs', { name, password });
}

test('a user finds jobs of others and cannot change them', async () => {
  await comeAs('maria', 'user');
  const { page } = visitor;
  try {
    await page.getByText('No jobs yet').waitFor();
    await page.getByText('You see your own jobs.').waitFor();
    assert.equal(await page.getByRole('link', { name: 'Plugins' }).count(), 0);
    await page.getByRole('searchbox', { name: 'Search by job id or user' }).fill('admin');
    await page.getByRole('link', { name: `Job ${job}`, exact: true }).click();
    await page.getByRole('heading', { name: `Job ${job}` }).waitFor();
    assert.equal(await page.getByRole('button', { name: /^(Abort|Delete) job/ }).count(), 0);
    await page.goto('/plugins');
    await page.getByRole('alert').waitFor();
    visitor.assertUndisturbed();
  } finally {
    await visitor.leave();
  }
});

test('a viewer looks and submits nothing', async () => {
  await comeAs('victor', 'viewer');
  const { page } = visitor;
  try {
    await page.getByText('You may look at jobs, not submit any.').waitFor();
    assert.equal(await page.getByRole('link', { name: 'New job' }).count(), 0);
    await page.goto('/jobs/new');
    await page.getByText(/Your role may look at jobs/).waitFor();
    visitor.assertUndisturbed();
  } finally {
    await visitor.leave();
  }
});
