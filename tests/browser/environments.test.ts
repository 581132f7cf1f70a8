// SPDX-License-Identifier: Apache-2.0
// An environment that does not answer, from the side of people: the page of environments, the job list and the job's page say so,
// by themselves, and say so when it is over. With the real runner, which is ended and started again.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Arena } from './support/arena';
import { Runner } from './support/runner';
import { Station } from './support/station';
import { until } from './support/until';
import { Visitor } from './support/visitor';

let runner: Runner;
const arena = new Arena((self) => {
  const text = JSON.stringify;
  return `[[environment]]
name = "bench-7"
executor = { plugin = "http_executor", url = ${text(runner.origin)}, token = ${text(runner.token)} }
discoverer = { plugin = "git_discoverer", repository = ${text(self.repository.folder)} }
`;
});
const station = new Station(arena);
const admin = { name: 'admin', password: '' };
let visitor: Visitor;

const card = (name: string) => visitor.page.getByRole('article', { name });

before(async () => {
  runner = new Runner(arena.repository);
  await runner.start();
  await runner.stop(); // its port is known now, and nobody listens there
  await arena.start();
  admin.password = arena.adminPassword;
  visitor = await Visitor.come(arena);
  await visitor.open('/environments', admin);
});
after(async () => {
  await visitor?.leave();
  await arena.close();
  await runner?.close();
});

describe('an environment that does not answer', () => {
  let job = 0;

  test('is told from one that does', async () => {
    const { page } = visitor;
    await page.goto('/environments');
    await card('bench-7').getByText('Unreachable', { exact: true }).waitFor();
    await card('bench-7').getByText(/^It does not answer as it should\. Its jobs wait/).waitFor();
    await card('bench-7').getByText(/asked again in \d+ s|being asked again/).waitFor();
    await card('bench-7').getByText('not measured yet').waitFor();
    await card('local').getByText('OK', { exact: true }).first().waitFor();
    assert.equal(await card('local').getByText('Unreachable').count(), 0);
    await card('local').getByText(/^(< )?[\d.]+ (ms|s) \(median (< )?[\d.]+ (ms|s)\)$/).waitFor();
    await card('local').getByText('0 of 3 in use').waitFor();
  });

  test('holds its jobs, which say why in the list and on their page', async () => {
    const { page } = visitor;
    job = await arena.submit(admin, 'main', ['smoke/passes'], 'bench-7');
    await page.goto('/jobs');
    const row = page.getByRole('row').filter({ hasText: `Job ${job}` });
    const reason = row.getByText(/^not sent yet: the environment is unreachable \(/);
    await reason.waitFor();
    assert.match((await reason.getAttribute('title')) ?? '', /; the next try is at \d\d:\d\d:\d\d UTC$/, 'what is clipped can be read whole');
    await page.goto(`/jobs/${job}`);
    await page.getByText(/^not sent yet: the environment is unreachable \(/).waitFor();
    await visitor.assertAccessible('a job that waits');
  });

  test('is counted, and can be reached and left with the keyboard alone', async () => {
    const { page } = visitor;
    await page.goto('/environments');
    const notSent = card('bench-7').locator('dt', { hasText: 'Not sent yet' }).locator('xpath=following-sibling::dd[1]');
    await until('one job is not sent', async () => (await notSent.textContent()) === '1');
    const link = page.getByRole('link', { name: 'New job in bench-7' });
    await until('the link has the focus', async () => {
      await page.keyboard.press('Tab');
      return link.evaluate((element) => element === document.activeElement);
    });
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'New job' }).waitFor();
    assert.equal(new URL(page.url()).search, '?environment=bench-7');
  });

  for (const [name, width, height] of [['wide', 1280, 860], ['narrow', 360, 740]] as const) {
    test(`is shown without a barrier in a ${name} window`, async () => {
      const { page } = visitor;
      await page.setViewportSize({ width, height });
      await page.goto('/environments');
      await card('bench-7').getByText('Unreachable', { exact: true }).waitFor();
      await visitor.assertAccessible('the environments with one that does not answer');
      await page.goto('/jobs');
      await page.getByRole('link', { name: `Job ${job}`, exact: true }).waitFor();
      await visitor.assertAccessible('the list with a job that waits');
      await page.setViewportSize({ width: 1280, height: 860 });
    });
  }

  test('is shown as well as soon as it answers, and its job goes on by itself', async () => {
    const { page } = visitor;
    await page.goto('/environments');
    await card('bench-7').getByText('Unreachable', { exact: true }).waitFor();
    await runner.start();
    await card('bench-7').getByText('OK', { exact: true }).first().waitFor({ timeout: 60_000 });
    await card('bench-7').getByText('0 of 2 in use').waitFor();
    await page.getByText('bench-7: ok.').waitFor({ state: 'attached' });
    assert.equal(await arena.waitForEnd(admin, job), 'passed');
    assert.equal(await card('bench-7').getByText(/^It does not answer/).count(), 0);
    await card('bench-7').getByText(/^Last error: .* \(/).waitFor();
  });
});

test('the page says when it cannot load, and goes on when it can', async () => {
  const { page } = visitor;
  visitor.serverIsAway = true;
  await page.goto('/environments');
  await card('local').waitFor();
  await arena.stop();
  await page.getByText('The server cannot be reached').waitFor();
  await visitor.assertAccessible('the environments without their server');
  await arena.start();
  await until('the page has recovered', async () => (await page.getByText('The server cannot be reached').count()) === 0);
  await card('local').getByText('OK', { exact: true }).first().waitFor();
  visitor.serverIsAway = false;
});

test('what errored stands apart from what failed', async () => {
  const { page } = visitor;
  const errored = await arena.submit(admin, 'broken-setup', ['smoke/passes']);
  const failed = await arena.submit(admin, 'main', ['smoke/fails', 'smoke/passes']);
  assert.equal(await arena.waitForEnd(admin, errored), 'errored');
  assert.equal(await arena.waitForEnd(admin, failed), 'failed');
  await page.goto('/jobs');
  const row = (job: number) => page.getByRole('row').filter({ has: page.getByRole('link', { name: `Job ${job}`, exact: true }) });
  const looks = async (job: number, state: string) => {
    const badge = row(job).locator('.state').first();
    assert.equal(await badge.innerText(), state);
    return { icon: await badge.locator('svg').getAttribute('class'), colour: await badge.evaluate((element) => getComputedStyle(element).color) };
  };
  await row(failed).waitFor();
  const [one, other] = [await looks(errored, 'Errored'), await looks(failed, 'Failed')];
  assert.notEqual(one.icon, other.icon);
  assert.notEqual(one.colour, other.colour);
  await row(errored).getByText(/the setup failed/).waitFor();
  assert.equal(await row(failed).locator('.counts').getAttribute('title'), '1 failed, 1 passed');
  assert.equal(await row(errored).locator('.counts').getAttribute('title'), '1 errored');

  await page.goto('/jobs?state=errored');
  await row(errored).waitFor();
  assert.equal(await row(failed).count(), 0);
  await page.goto(`/jobs/${errored}`);
  await page.getByText('1 scenario errored, which is not the same as failed: no verdict was reached.').waitFor();
  await visitor.assertAccessible('a job that errored');
  await page.goto(`/jobs/${failed}`);
  await page.getByRole('link', { name: 'smoke/fails' }).waitFor();
  assert.equal(await page.getByText(/which is not the same as failed/).count(), 0);
});

test('nothing happened that never should', () => {
  assert.equal(station.isReleased('waits'), false);
  visitor.assertUndisturbed();
});
