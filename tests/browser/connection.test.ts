// SPDX-License-Identifier: Apache-2.0
// What a page says while the server is away, and how it goes on afterwards.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { Arena } from './support/arena';
import { Station } from './support/station';
import { stepsInOrder } from './support/steps';
import { until } from './support/until';
import { Visitor } from './support/visitor';

const step = stepsInOrder();
const arena = new Arena();
const station = new Station(arena);
const admin = { name: 'admin', password: '' };
let visitor: Visitor;

before(async () => {
  await arena.start();
  admin.password = arena.adminPassword;
  visitor = await Visitor.come(arena);
  await visitor.open('/jobs', admin);
});
after(async () => {
  await visitor?.leave();
  await arena.close();
});

step('a page says that it is disconnected, and catches up by itself when the server is back', async () => {
  const { page } = visitor;
  const job = await arena.submit(admin, 'main', ['slow/waits']);
  await page.goto(`/jobs/${job}?tab=logs&scenario=slow%2Fwaits&attempt=1`);
  const log = page.getByRole('region', { name: 'Log: slow/waits' });
  await log.getByText('tick 1', { exact: true }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();

  visitor.serverIsAway = true;
  await arena.stop('SIGKILL');
  await page.getByText(/^Disconnected ·/).waitFor();
  // The run goes on and ends while nobody looks.
  station.release('waits');
  await arena.start();
  await page.getByText('Live', { exact: true }).waitFor();
  visitor.serverIsAway = false;
  await page.locator('.job-head .state').getByText('Passed').waitFor();
  await log.getByText(/released after \d+ ticks/).waitFor();
});

step('the log is whole after all that', async () => {
  const { page } = visitor;
  const address = `/api/v1/jobs/${/\d+/.exec(new URL(page.url()).pathname)?.[0]}/runs/slow%2Fwaits/1/log`;
  const text = await (await arena.call('GET', address, admin)).text();
  const ticks = Number(/released after (\d+) ticks\n$/.exec(text)?.[1]);
  const expected = [...Array(ticks).keys()].map((at) => `tick ${at + 1}\n`).join('') + `released after ${ticks} ticks\n`;
  assert.equal(text, expected);
});

step('a page that cannot load says why, and loads when asked again', async () => {
  const { page } = visitor;
  await page.goto('/jobs');
  await page.getByRole('link', { name: /^Job \d+$/ }).first().waitFor();
  visitor.serverIsAway = true;
  await arena.stop('SIGTERM');
  await page.getByRole('link', { name: 'Environments' }).click();
  await page.getByText('The server cannot be reached').waitFor();
  await arena.start();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'local', exact: true }).waitFor();
  visitor.serverIsAway = false;
});

step('a session that ended elsewhere leads to the login page and back', async () => {
  const { page } = visitor;
  await page.goto('/jobs?state=passed');
  await page.getByRole('link', { name: /^Job \d+$/ }).first().waitFor();
  const session = JSON.parse((await visitor.ask('/api/v1/session')).text) as { csrf_token: string };
  const ended = await visitor.ask('/api/v1/session', { method: 'DELETE', headers: { 'X-CSRF-Token': session.csrf_token } });
  assert.equal(ended.status, 204);
  await page.getByText('Your session has ended.').waitFor();
  await visitor.logIn('admin', admin.password);
  await until('the page of before', () => page.url().endsWith('/jobs?state=passed'));
});

step('nothing else happened that never should', () => visitor.assertUndisturbed());
