// SPDX-License-Identifier: Apache-2.0
// Text that others wrote (names of branches, scenarios and tags, commits, logs, addresses) is shown and does nothing else.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { Arena } from './support/arena';
import { payloads } from './support/payloads';
import { stepsInOrder } from './support/steps';
import { until } from './support/until';
import { Visitor } from './support/visitor';

const step = stepsInOrder();
const arena = new Arena();
const admin = { name: 'admin', password: '' };
const kAtOnce = 40;
const subject = payloads[1] ?? '';
const author = payloads[4]?.replace(/[<>\n]/g, '|') ?? '';
// What git allows in the name of a branch is less than what it allows elsewhere, but enough.
const hostileBranch = '<img/src=x/onerror=pwned(1)>';
let visitor: Visitor;

const quoted = (text: string): string => JSON.stringify(text);

/** A manifest with a payload in every text that it can hold, and a file named by one. */
function manifest(): string {
  const tables = payloads.slice(0, kAtOnce).map(
    (payload, at) => `[[scenarios]]
name = ${quoted(payload.slice(0, 200))}
command = ["sh", "log.sh"]
tags = [${quoted(payloads[at + kAtOnce]?.slice(0, 50) ?? '')}]
description = ${quoted(payloads[at + 2 * kAtOnce] ?? '')}
`,
  );
  return `${tables.join('\n')}\n[[scenarios]]\nglob = "files/*.sh"\ncommand = ["sh", "{path}"]\n`;
}

before(async () => {
  const files = {
    '.testarena.toml': manifest(),
    'log.sh': 'cat payloads.txt\n',
    'payloads.txt': `${payloads.join('\n')}\n\x1b]8;;javascript:pwned(1)\x07click\x1b]8;;\x07\n\x1b[8mconcealed\x1b[0m\nPASS\rFAIL\n`,
    'files/<img src=x onerror=pwned(2)>.sh': 'true\n',
  };
  arena.repository.commit({ branch: 'main', subject, author, files });
  arena.repository.commit({ branch: hostileBranch, subject, author, files });
  const broken = `[[scenarios]]\nname = "x"\ncommand = ["true"]\n${quoted(payloads[0] ?? '')} = 1\n\n[[scenarios]]\nlister = ${quoted(subject)}\n`;
  arena.repository.commit({ branch: 'broken', subject, author, files: { ...files, '.testarena.toml': broken } });
  await arena.start();
  admin.password = arena.adminPassword;
  visitor = await Visitor.come(arena);
});
after(async () => {
  await visitor?.leave();
  await arena.close();
});

/** Every element in the page is one that the dashboard makes; nothing of a payload became one. */
async function assertNoForeignElement(): Promise<void> {
  const foreign = await visitor.page.evaluate(() => {
    const strange = 'img, iframe, object, embed, base, video, audio, math, xss, body *:is(script, style, link, meta), [srcdoc], [style*="url"]';
    const found = [...document.querySelectorAll(strange)].map((element) => element.outerHTML.slice(0, 100));
    for (const element of document.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        if (/^on/i.test(name) || (/^(href|src|action|formaction)$/i.test(name) && /^\s*javascript:/i.test(value))) found.push(`${name}=${value}`);
      }
    }
    return found;
  });
  assert.deepEqual(foreign, []);
}

step('the address of the login page leads nowhere else', async () => {
  const { page } = visitor;
  for (const next of ['//canary.invalid/', '/\\canary.invalid/', 'javascript:pwned(3)', '/.//canary.invalid']) {
    await page.goto(`/login?next=${encodeURIComponent(next)}`);
    await visitor.logIn('admin', admin.password);
    assert.equal(new URL(page.url()).origin, arena.origin);
    await page.getByRole('button', { name: /Account of/ }).click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
  }
  await visitor.logIn('admin', admin.password);
  // One with a control character, which browsers would leave out, does not even come through.
  assert.equal((await visitor.ask(`/login?next=${encodeURIComponent('/\t/canary.invalid')}`)).status, 400);
});

step('branches, commits and mistakes of a manifest are text', async () => {
  const { page } = visitor;
  await page.goto('/jobs/new');
  // Git has this branch; the server neither offers it nor takes it, and says so with its name.
  await page.getByRole('combobox', { name: 'Branch' }).fill(hostileBranch);
  await page.getByText('This cannot be the name of a branch.').waitFor();
  assert.equal(await page.getByRole('option').count(), 0);
  await assertNoForeignElement();
  await page.getByRole('combobox', { name: 'Branch' }).fill('no/such+branch');
  await page.getByText('There is no branch “no/such+branch” in local.').waitFor();

  await page.goto('/jobs/new?environment=local&branch=main');
  await page.getByText(subject, { exact: true }).waitFor();
  await assertNoForeignElement();

  await page.goto('/jobs/new?environment=local&branch=broken&step=scenarios');
  await page.getByText(/mistakes? on this commit/).waitFor();
  await assertNoForeignElement();
});

step('an address full of payloads is text', async () => {
  const { page } = visitor;
  for (const payload of payloads.slice(0, 12)) {
    const hostile = encodeURIComponent(payload);
    for (const address of [
      `/jobs?q=${hostile}&branch=${hostile}&environment=${hostile}`,
      `/jobs/new?environment=${hostile}&branch=${hostile}&step=scenarios&commit=${hostile}`,
      `/jobs/1?tab=logs&scenario=${hostile}&attempt=${hostile}`,
      `/${hostile}`,
    ]) {
      await page.goto(address);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await assertNoForeignElement();
    }
  }
});

step('scenarios of every name are chosen, run and shown as text', async () => {
  const { page } = visitor;
  await page.goto('/jobs/new?environment=local&branch=main&step=scenarios');
  await page.getByRole('button', { name: /^Select all/ }).click();
  await assertNoForeignElement();
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByText('This is what will run.').waitFor();
  await assertNoForeignElement();
  await page.getByRole('button', { name: 'Submit the job' }).click();
  await page.getByRole('heading', { name: 'Job 1' }).waitFor();
  await page.locator('.job-head .state').getByText('Passed').waitFor();
  await assertNoForeignElement();
  const names = await page.locator('tbody th a').allTextContents();
  assert.ok(names.includes(payloads[0]?.slice(0, 200) ?? '?'), 'a name is shown as it was written');
  assert.ok(names.includes('files/<img src=x onerror=pwned(2)>'));
});

step('a log of payloads shows each of them, from the first line to the last', async () => {
  const { page } = visitor;
  const link = page.locator('tbody th a').first();
  const name = (await link.textContent()) ?? '';
  await link.click();
  const log = page.getByRole('region', { name: `Log: ${name}` });
  await log.getByText('PASS').waitFor();
  await log.press('Home');
  const seen = new Set<string>();
  await until('the last line was seen', async () => {
    for (const text of await log.locator('.log-text').allTextContents()) seen.add(text);
    await assertNoForeignElement();
    await log.press('PageDown');
    return [...seen].some((text) => text.startsWith('PASS'));
  });
  const shown = (text: string): string => text.replaceAll('\u200b', 'U+200B').replaceAll('\u202e', 'U+202E');
  assert.ok(payloads.length >= 300);
  assert.deepEqual(payloads.filter((payload) => !seen.has(shown(payload))), []);
  assert.ok(seen.has('ESC]8;;javascript:pwned(1)BELclickESC]8;;BEL'));
  assert.ok(seen.has('concealed'));
  assert.ok(seen.has('PASSCRFAIL'));
});

step('a log opened raw is text, too', async () => {
  const raw = await visitor.ask('/api/v1/jobs/1/log?offset=0');
  assert.equal(raw.status, 200);
  assert.match(raw.headers['content-type'] ?? '', /^text\/plain/);
  assert.equal(raw.headers['x-content-type-options'], 'nosniff');
});

step('no payload ran, nobody else was asked, the policy stopped nothing', () => visitor.assertUndisturbed());
