// SPDX-License-Identifier: Apache-2.0
// The way most people go every day: log in, branch, scenarios, submit, watch, find again, abort, delete, log out.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { Arena } from './support/arena';
import { mainSubject, Station } from './support/station';
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
});
after(async () => {
  await visitor?.leave();
  await arena.close();
});

const jobOfAddress = (): number => Number(/\/jobs\/(\d+)/.exec(new URL(visitor.page.url()).pathname)?.[1]);

async function jobCount(): Promise<number> {
  const response = await arena.call('GET', '/api/v1/jobs', admin);
  return ((await response.json()) as { jobs: unknown[] }).jobs.length;
}

step('the login page leads back to where one wanted to go', async () => {
  const { page } = visitor;
  await page.goto('/environments');
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  assert.equal(new URL(page.url()).search, '?next=%2Fenvironments');

  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('Enter your user name and your password.').waitFor();
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('User name or password is not right.').waitFor();

  await visitor.logIn('admin', admin.password);
  await page.getByRole('heading', { name: 'Environments' }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/environments');
  await page.getByRole('heading', { name: 'local', exact: true }).waitFor();
});

step('an empty list says what to do', async () => {
  const { page } = visitor;
  await page.getByRole('link', { name: 'Jobs', exact: true }).click();
  await page.getByText('No jobs yet').waitFor();
  await page.getByRole('main').getByRole('link', { name: 'New job' }).click();
  await page.getByRole('heading', { name: 'New job' }).waitFor();
});

step('a branch is completed, looked up and shown; what is none is refused in words', async () => {
  const { page } = visitor;
  const field = page.getByRole('combobox', { name: 'Branch' });
  const goOn = page.getByRole('button', { name: 'Choose scenarios' });

  await field.fill('no-such-branch');
  await page.getByText('There is no branch “no-such-branch” in local.').waitFor();
  assert.equal(await goOn.isDisabled(), true);

  await field.fill('--upload-pack=touch /tmp/canary');
  await page.getByText('This cannot be the name of a branch.').waitFor();
  assert.equal(await goOn.isDisabled(), true);

  await field.fill('ma');
  await page.getByRole('option', { name: 'main', exact: true }).click();
  await page.getByText(mainSubject).waitFor();
  await page.getByText(station.commit.slice(0, 10)).waitFor();
  await page.getByText('by Ada Berg').waitFor();
  assert.match(page.url(), /\/jobs\/new\?environment=local&branch=main$/);
  await goOn.click();
  await page.getByRole('list', { name: 'Scenarios' }).waitFor();
});

step('scenarios are filtered, chosen, and the choice survives a reload', async () => {
  const { page } = visitor;
  const review = page.getByRole('button', { name: 'Review' });
  assert.equal(await review.isDisabled(), true);
  await page.getByRole('searchbox', { name: 'Filter by name, path or tag' }).fill('smoke');
  await page.getByRole('button', { name: 'Select the 3 shown' }).click();
  await page.getByRole('searchbox', { name: 'Filter by name, path or tag' }).fill('');
  await page.getByRole('checkbox', { name: /slow\/waits/ }).check();
  await page.getByText('4 of 9 selected').waitFor();

  await page.reload();
  await page.getByText('4 of 9 selected').waitFor();
  await page.getByRole('button', { name: 'slow', exact: false }).filter({ hasText: 'slow 2' }).click();
  await page.getByText('logs/coloured').waitFor({ state: 'detached' });
  await review.click();
  await page.getByText('This is what will run.').waitFor();
  const chosen = await page.locator('.chosen li').allTextContents();
  assert.deepEqual(chosen, ['smoke/fails', 'smoke/passes', 'smoke/skips', 'slow/waits']);
});

step('pressing the button twice makes one job', async () => {
  const { page } = visitor;
  await page.getByRole('button', { name: 'Submit the job' }).dblclick();
  await page.getByRole('heading', { name: /^Job \d+$/ }).waitFor();
  await page.getByText(/Job \d+ was submitted\./).first().waitFor();
  assert.equal(await jobCount(), 1);
});

step('states change by themselves while the job runs', async () => {
  const { page } = visitor;
  const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  await page.getByText('Live', { exact: true }).waitFor();
  await row('smoke/passes').getByText('Passed').waitFor();
  await row('smoke/fails').getByText('Failed').waitFor();
  await row('smoke/skips').getByText('Skipped').waitFor();
  await row('slow/waits').getByText('In progress').waitFor();
  assert.equal(await row('smoke/fails').getByRole('cell').nth(2).textContent(), '1', 'the exit code');
  assert.equal(station.isReleased('waits'), false, 'the job was still running all the while');
});

step('a log grows on the screen, followed while the reader is at its end', async () => {
  const { page } = visitor;
  await page.getByRole('link', { name: 'slow/waits', exact: true }).click();
  const log = page.getByRole('region', { name: 'Log: slow/waits' });
  await log.getByText('tick 1', { exact: true }).waitFor();
  const follow = page.getByRole('button', { name: 'Follow' });
  assert.equal(await follow.getAttribute('aria-pressed'), 'true');
  await log.getByText('tick 60', { exact: true }).waitFor();

  await log.press('Home');
  await log.getByText('tick 1', { exact: true }).waitFor();
  assert.equal(await follow.getAttribute('aria-pressed'), 'false');
  const top = await log.evaluate((element) => element.scrollTop);
  const height = await log.evaluate((element) => element.scrollHeight);
  await page.waitForFunction(
    ([element, before]) => (element as HTMLElement).scrollHeight > (before as number),
    [await log.elementHandle(), height] as const,
  );
  assert.equal(await log.evaluate((element) => element.scrollTop), top, 'the reader stays where they are');

  await follow.click();
  assert.equal(await follow.getAttribute('aria-pressed'), 'true');
  station.release('waits');
  await log.getByText(/released after \d+ ticks/).waitFor();
  await page.locator('.job-head .state').getByText('Failed').waitFor();
  await page.getByText('complete', { exact: true }).waitFor();
  assert.match(page.url(), /tab=logs&scenario=slow%2Fwaits&attempt=1$/);
});

step('the log on the page is the log, byte for byte', async () => {
  const { page } = visitor;
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
  const stream = await download.createReadStream();
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  const address = `/api/v1/jobs/${jobOfAddress()}/runs/slow%2Fwaits/1/log`;
  const expected = Buffer.from(await (await arena.call('GET', address, admin)).arrayBuffer());
  assert.deepEqual(Buffer.concat(parts), expected);
  assert.equal(download.suggestedFilename(), `job-${jobOfAddress()}-slow-waits.log`);
});

step('a job is found again by its id and by its user', async () => {
  const { page } = visitor;
  const id = jobOfAddress();
  arena.createUser('maria', 'user');
  await page.goto('/jobs');
  const search = page.getByRole('searchbox', { name: 'Search by job id or user' });
  const link = page.getByRole('link', { name: `Job ${id}`, exact: true });

  await search.fill('maria');
  await page.getByText('Nothing matches').waitFor();
  await search.fill(String(id));
  await link.waitFor();
  await search.fill('admin');
  await until('the search stands in the address', () => new URL(page.url()).search === '?q=admin');
  await link.waitFor();
  await page.getByRole('combobox', { name: 'State' }).selectOption('passed');
  await page.getByText('Nothing matches').waitFor();
  await page.getByRole('combobox', { name: 'State' }).selectOption('failed');
  await link.waitFor();
  await page.reload();
  await link.waitFor();
});

step('the list shows new jobs and new states by itself', async () => {
  const { page } = visitor;
  await page.goto('/jobs');
  await page.getByText('Live', { exact: true }).waitFor();
  const id = await arena.submit(admin, 'main', ['slow/for_ever']);
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: `Job ${id}`, exact: true }) });
  await row.getByText('In progress').first().waitFor();
});

step('a running job is aborted from its page', async () => {
  const { page } = visitor;
  await page.getByRole('row').filter({ hasText: 'In progress' }).getByRole('link').first().click();
  await page.getByRole('button', { name: /^Abort job/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /^Abort job/ }).click();
  await dialog.getByRole('button', { name: 'Abort the job' }).click();
  await page.locator('.job-head .state').getByText('Aborted').waitFor();
  await page.getByRole('button', { name: /^Abort job/ }).waitFor({ state: 'detached' });
});

step('a deleted job is gone, here and in other tabs', async () => {
  const { page } = visitor;
  const id = jobOfAddress();
  const other = await visitor.newTab();
  await other.goto(`/jobs/${id}`);
  await other.getByRole('heading', { name: `Job ${id}` }).waitFor();

  await page.bringToFront();
  await page.getByRole('button', { name: `Delete job ${id}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the job' }).click();
  await page.getByText(`Job ${id} was deleted.`).first().waitFor();
  await until('the list is shown', () => new URL(page.url()).pathname === '/jobs');
  await page.getByRole('link', { name: `Job ${id}`, exact: true }).waitFor({ state: 'detached' });
  assert.equal(await jobCount(), 1);

  await other.bringToFront();
  await other.getByText('This job was deleted').waitFor();
  await other.reload();
  await other.getByText('There is no such job').waitFor();
  await other.close();
});

step('logging out ends the session here and in other tabs', async () => {
  const { page } = visitor;
  const other = await visitor.newTab();
  await other.goto('/jobs');
  await other.getByRole('heading', { name: 'Jobs' }).waitFor();

  await page.bringToFront();
  assert.equal((await visitor.ask('/api/v1/jobs')).status, 200);
  await page.getByRole('button', { name: /Account of/ }).click();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  assert.equal((await visitor.ask('/api/v1/jobs')).status, 401);
  await page.goBack();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();

  await other.bringToFront();
  await other.getByText('Your session has ended.').waitFor();
  await other.close();
});

step('nothing happened on the way that never should', () => visitor.assertUndisturbed());
