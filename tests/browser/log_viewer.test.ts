// SPDX-License-Identifier: Apache-2.0
// Logs of every size and shape in the viewer.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import type { Locator } from 'playwright-core';

import { Arena } from './support/arena';
import { kLines, Station } from './support/station';
import { stepsInOrder } from './support/steps';
import { until } from './support/until';
import { Visitor } from './support/visitor';

const step = stepsInOrder();
const arena = new Arena();
new Station(arena);
const admin = { name: 'admin', password: '' };
let job = 0;
let visitor: Visitor;

before(async () => {
  await arena.start();
  admin.password = arena.adminPassword;
  job = await arena.submit(admin, 'main', ['logs/long', 'logs/one_line', 'logs/none', 'logs/coloured']);
  assert.equal(await arena.waitForEnd(admin, job), 'passed');
  visitor = await Visitor.come(arena);
  await visitor.open('/jobs', admin);
});
after(async () => {
  await visitor?.leave();
  await arena.close();
});

async function openLog(scenario: string): Promise<Locator> {
  await visitor.page.goto(`/jobs/${job}?tab=logs&scenario=${encodeURIComponent(scenario)}&attempt=1`);
  return visitor.page.getByRole('region', { name: `Log: ${scenario}` });
}

const lineText = (line: number): string => `line number ${line} of a long log`;
const numberOf = (log: Locator, text: string): Promise<string | null> =>
  log.locator('.log-row').filter({ hasText: text }).locator('.log-gutter').getAttribute('data-line');

step('a million lines open at the end, with few rows in the page, and get their numbers', async () => {
  const log = await openLog('logs/long');
  await log.getByText(lineText(kLines), { exact: true }).waitFor();
  assert.ok((await log.locator('.log-row').count()) < 120);
  await visitor.page.getByText(`${kLines.toLocaleString('en')} lines`).waitFor();
  await until('lines have numbers', async () => (await numberOf(log, lineText(kLines))) === String(kLines));
});

step('its beginning and its end are a key away', async () => {
  const log = visitor.page.getByRole('region', { name: 'Log: logs/long' });
  await log.press('Home');
  await log.getByText(lineText(1), { exact: true }).waitFor();
  assert.equal(await numberOf(log, 'line number 1 of'), '1');
  await log.press('PageDown');
  await log.getByText(lineText(1), { exact: true }).waitFor({ state: 'detached' });
  await log.press('End');
  await log.getByText(lineText(kLines), { exact: true }).waitFor();
});

step('the wheel and the scroll bar reach every line', async () => {
  const { page } = visitor;
  const log = page.getByRole('region', { name: 'Log: logs/long' });
  await log.press('Home');
  await log.hover();
  await page.mouse.wheel(0, 200);
  // Ten rows, whether or not the scroll bar is scaled.
  await until('the wheel moved by ten rows', async () => (await log.locator('.log-row').first().textContent()) !== null && (await firstVisible(log)) === 11);
  await log.evaluate((element) => (element.scrollTop = (element.scrollHeight - element.clientHeight) / 2));
  await until('the middle is shown', async () => Math.abs((await firstVisible(log)) - kLines / 2) < kLines / 100);
});

/** The number of the first line that is seen whole. */
function firstVisible(log: Locator): Promise<number> {
  return log.evaluate((element) => {
    const top = element.getBoundingClientRect().top;
    const rows = [...element.querySelectorAll('.log-row')]
      .filter((row) => row.getBoundingClientRect().top >= top - 1)
      .map((row) => Number(row.querySelector('.log-gutter')?.getAttribute('data-line')));
    return Math.min(...rows);
  });
}

step('text is found in a million lines, from hit to hit', async () => {
  const { page } = visitor;
  const log = page.getByRole('region', { name: 'Log: logs/long' });
  await log.press('Control+f');
  const find = page.getByRole('searchbox', { name: 'Find in the log' });
  await find.fill('NUMBER 77777');
  // 77777 and 777770 to 777779.
  await page.getByText(/of 11$/).waitFor();
  await find.press('Enter');
  await log.locator('.log-row-hit').waitFor();
  await find.fill('number 123456 of');
  await page.getByText('1 of 1').waitFor();
  assert.equal(await log.locator('.log-row-hit .log-text').textContent(), lineText(123456));
  assert.equal(await log.locator('.log-row-hit mark').textContent(), 'number 123456 of');
  await find.fill('not in there');
  await page.getByText('No hits').waitFor();
  await find.press('Escape');
  assert.equal(await find.inputValue(), '');
});

step('three megabytes in one line are shown in rows and lose nothing', async () => {
  const { page } = visitor;
  const log = await openLog('logs/one_line');
  await log.locator('.log-row').first().waitFor();
  await page.getByText('1 line', { exact: true }).waitFor();
  assert.ok((await log.locator('.log-row').count()) < 120);
  await log.press('Home');
  assert.equal(await log.locator('.log-gutter[data-line="1"]').count(), 1);
  await until('rows that go on are marked', async () => (await log.locator('.log-gutter[data-line="↪"]').count()) > 5);
});

step('colours are shown, other escapes are written out', async () => {
  const log = await openLog('logs/coloured');
  const pass = log.getByText('PASS', { exact: true });
  await pass.waitFor();
  assert.match((await pass.getAttribute('class')) ?? '', /sgr-f2.*sgr-bold/);
  assert.equal(await log.getByText('cleared').textContent(), 'ESC[2Jcleared');
  assert.match((await log.getByText('goes on', { exact: true }).getAttribute('class')) ?? '', /sgr-f1/);
  assert.match((await log.getByText('over the line end').getAttribute('class')) ?? '', /sgr-f1/);
});

step('an empty log says so, and so does a run that is none', async () => {
  const { page } = visitor;
  await openLog('logs/none');
  await page.getByText('This log is empty.').waitFor();
  await openLog('no/such/run');
  await page.getByText('This job has no such run.').waitFor();
});

step('nothing happened that never should', () => visitor.assertUndisturbed());
