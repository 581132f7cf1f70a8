// SPDX-License-Identifier: Apache-2.0
// Every page, in light and dark, wide and narrow, without a barrier that axe knows of and without sideways scrolling.
import { after, before, describe, test } from 'node:test';

import { Arena } from './support/arena';
import { Station } from './support/station';
import { until } from './support/until';
import { Visitor } from './support/visitor';

const arena = new Arena();
new Station(arena);
const admin = { name: 'admin', password: '' };
let ended = 0;

before(async () => {
  await arena.start();
  admin.password = arena.adminPassword;
  ended = await arena.submit(admin, 'main', ['smoke/passes', 'smoke/fails', 'smoke/skips', 'logs/coloured']);
  await arena.waitForEnd(admin, ended);
  await arena.submit(admin, 'main', ['slow/for_ever']);
});
after(() => arena.close());

for (const [name, width, height] of [['wide', 1280, 860], ['narrow', 360, 740]] as const) {
  describe(`in a ${name} window`, () => {
    let visitor: Visitor;
    before(async () => {
      visitor = await Visitor.come(arena, { width, height });
    });
    after(() => visitor?.leave());

    test('log in', async () => {
      await visitor.page.goto('/login');
      await visitor.page.getByRole('button', { name: 'Log in' }).click();
      await visitor.assertAccessible('the login page with a problem');
      await visitor.logIn('admin', admin.password);
    });

    test('job list', async () => {
      const { page } = visitor;
      await page.goto('/jobs');
      await page.getByRole('link', { name: `Job ${ended}`, exact: true }).waitFor();
      await visitor.assertAccessible('the job list');
      await page.goto('/jobs?q=nobody');
      await page.getByText('Nothing matches').waitFor();
      await visitor.assertAccessible('the job list without a match');
    });

    test('new job', async () => {
      const { page } = visitor;
      await page.goto('/jobs/new?environment=local&branch=no-such-branch');
      await page.getByText('There is no branch').waitFor();
      await visitor.assertAccessible('step 1 with a branch that is none');
      await page.getByRole('combobox', { name: 'Branch' }).fill('m');
      await page.getByRole('option', { name: 'main' }).waitFor();
      await visitor.assertAccessible('step 1 with suggestions');
      await page.goto('/jobs/new?environment=local&branch=broken-manifest&step=scenarios');
      await page.getByText(/mistakes? on this commit/).waitFor();
      await visitor.assertAccessible('step 2 with mistakes');
      await page.goto('/jobs/new?environment=local&branch=main&step=scenarios');
      await page.getByRole('button', { name: /^Select all/ }).click();
      await visitor.assertAccessible('step 2 with a choice');
      await page.getByRole('button', { name: 'Review' }).click();
      await page.getByText('This is what will run.').waitFor();
      await visitor.assertAccessible('step 3');
      await page.goto('/jobs/new?environment=local&branch=empty&step=scenarios');
      await page.getByText('No scenarios on this commit').waitFor();
      await visitor.assertAccessible('step 2 with nothing to choose');
    });

    test('job page', async () => {
      const { page } = visitor;
      await page.goto(`/jobs/${ended}`);
      await page.getByRole('link', { name: 'smoke/fails' }).waitFor();
      await visitor.assertAccessible('the scenarios of a job');
      await page.goto(`/jobs/${ended}?tab=logs&scenario=logs%2Fcoloured&attempt=1`);
      await page.getByRole('region', { name: 'Log: logs/coloured' }).getByText('over the line end').waitFor();
      await visitor.assertAccessible('a log with colours');
      await page.getByRole('searchbox', { name: 'Find in the log' }).fill('e');
      await page.locator('.log-row-hit').waitFor();
      await visitor.assertAccessible('a log with hits');
      await page.goto(`/jobs/${ended + 1}?tab=logs&scenario=slow%2Ffor_ever&attempt=1`);
      await page.getByRole('button', { name: 'Follow' }).waitFor();
      await visitor.assertAccessible('a log that grows');
      await page.goto('/jobs/999');
      await page.getByText('There is no such job').waitFor();
      await visitor.assertAccessible('a job that is none');
    });

    test('dialogs and menus', async () => {
      const { page } = visitor;
      await page.goto(`/jobs/${ended}`);
      await page.getByRole('button', { name: `Delete job ${ended}` }).click();
      await page.getByRole('dialog').waitFor();
      await visitor.assertAccessible('the question before deleting');
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('button', { name: /Account of/ }).click();
      await page.getByText('Signed in as').waitFor();
      await visitor.assertAccessible('the account menu');
      await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
      await page.getByRole('dialog').waitFor();
      await visitor.assertAccessible('the help on shortcuts');
    });

    test('environments, plugins, a page that is none', async () => {
      const { page } = visitor;
      await page.goto('/environments');
      await page.getByRole('heading', { name: 'local' }).waitFor();
      await visitor.assertAccessible('the environments');
      await page.goto('/plugins');
      await page.getByText('sqlite_storage', { exact: true }).waitFor();
      await visitor.assertAccessible('the plugins');
      await page.goto('/no/such/page');
      await page.getByRole('heading', { name: 'Page not found' }).waitFor();
      await visitor.assertAccessible('a page that is none');
    });

    test('a lost connection', async () => {
      const { page } = visitor;
      await page.goto('/jobs');
      await page.getByText('Live', { exact: true }).waitFor();
      visitor.serverIsAway = true;
      await arena.stop();
      await page.getByText(/^Disconnected ·/).waitFor();
      await visitor.assertAccessible('the list without a connection');
      await arena.start();
      await until('the page is live again', () => page.getByText('Live', { exact: true }).isVisible());
      visitor.serverIsAway = false;
    });

    test('nothing happened that never should', () => visitor.assertUndisturbed());
  });
}
