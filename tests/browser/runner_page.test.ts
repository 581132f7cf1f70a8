// SPDX-License-Identifier: Apache-2.0
// The status page of testarena-runner: queues, machine and a log that grows; hostile text stays text.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { Runner } from './support/runner';
import { Visitor } from './support/visitor';

const runner = new Runner();
let visitor: Visitor;
const hostile = `<img src=x onerror="pwned('environment')"><script>pwned('script')</script>`;

before(async () => {
  const gate = path.join(runner.folder, 'gate');
  runner.repository.commit({
    branch: 'main',
    subject: 'scenarios',
    files: {
      '.testarena.toml': '[[scenarios]]\nglob = "checks/*.sh"\ncommand = ["sh", "{path}"]\n',
      'checks/passes.sh': 'echo it works\n',
      'checks/hostile.sh': `printf '%s\\n' "<b>bold</b><img src=x onerror=pwned(1)>"; printf 'FAIL\\rPASS \\033[2J\\n'; while [ ! -e '${gate}' ]; do sleep 0.05; done; echo the end\n`,
    },
  });
  await runner.start();
  await runner.call('POST', '/api/queue', { source: 'main', plain: ['bench 1', { 'plain-1': 'checks/passes.sh' }] });
  await runner.call('POST', '/api/queue', {
    source: 'main',
    hostile: [hostile, { 'hostile-1': 'checks/hostile.sh', 'hostile-2': 'checks/passes.sh' }],
  });
  visitor = await Visitor.come(runner);
});
after(async () => {
  await visitor?.leave();
  await runner.close();
});

test('asks for a token, and refuses a wrong one in words', async () => {
  const { page } = visitor;
  await page.goto('/');
  await page.getByLabel('Token').waitFor();
  await visitor.assertAccessible('the page without a token');
  await page.getByLabel('Token').fill('tar_wrong');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByText('this token is not valid here').waitFor();
});

test('shows queues, slots, labels and version', async () => {
  const { page } = visitor;
  await page.getByLabel('Token').fill(runner.token);
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByRole('row', { name: /hostile Running/ }).waitFor();
  await page.getByRole('row', { name: /plain Finished main bench 1/ }).waitFor();
  await page.getByText(/version \d+\.\d+\.\d+ · 1 of 2 slots in use · 0 waiting · labels: bench-7, can/).waitFor();
  assert.equal(await page.locator('img, #queues script').count(), 0);
  await page.getByText(hostile).waitFor();
  await visitor.assertAccessible('the queues');
});

test('follows the log of a run to its end, as text', async () => {
  const { page } = visitor;
  await page.getByRole('button', { name: 'hostile', exact: true }).click();
  await page.getByRole('heading', { name: 'Queue hostile: in_progress' }).waitFor();
  const log = page.locator('#log');
  await log.getByText('<b>bold</b><img src=x onerror=pwned(1)>').waitFor();
  await page.getByText('still growing').waitFor();
  await visitor.assertAccessible('a queue with its log');
  writeFileSync(path.join(runner.folder, 'gate'), 'open');
  await log.getByText('the end').waitFor();
  await page.getByRole('heading', { name: 'Queue hostile: passed' }).waitFor();
  await page.getByRole('row', { name: /hostile Finished/ }).waitFor();
  assert.equal(await log.textContent(), '<b>bold</b><img src=x onerror=pwned(1)>\nFAIL\\u000dPASS \\u001b[2J\nthe end\n');
  assert.doesNotMatch((await page.locator('#log-note').textContent()) ?? '', /growing/);
});

test('a queue that is deleted goes from the page', async () => {
  const { page } = visitor;
  await runner.call('DELETE', '/api/delete/hostile');
  await page.getByRole('row', { name: /hostile/ }).waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: /Queue hostile/ }).waitFor({ state: 'hidden' });
  visitor.assertUndisturbed();
});
