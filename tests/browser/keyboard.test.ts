// SPDX-License-Identifier: Apache-2.0
// The main way without a mouse, and the shortcuts.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { Arena } from './support/arena';
import { Station } from './support/station';
import { stepsInOrder } from './support/steps';
import { until } from './support/until';
import { Visitor } from './support/visitor';

const step = stepsInOrder();
const arena = new Arena();
new Station(arena);
let visitor: Visitor;

before(async () => {
  await arena.start();
  visitor = await Visitor.come(arena);
});
after(async () => {
  await visitor?.leave();
  await arena.close();
});

/** What has the focus: its name as a reader hears it, or its text. */
function focused(): Promise<string> {
  return visitor.page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    if (!element || element.matches('body, main, dialog')) return element?.tagName ?? '';
    const label = element.getAttribute('aria-label') ?? (element as HTMLInputElement).labels?.[0]?.textContent;
    return (label || element.textContent || element.tagName).trim();
  });
}

/** Presses Tab until what has the focus is named so. */
async function tabTo(name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 60; ++presses) {
    passed.push(await focused());
    if (name.test(passed.at(-1) ?? '')) {
      const outline = await visitor.page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const shown = [element, element.closest('label'), element.nextElementSibling].filter((one) => one instanceof HTMLElement);
        return shown.some((one) => getComputedStyle(one).outlineStyle !== 'none');
      });
      assert.ok(outline, `${name} shows that it has the focus`);
      return;
    }
    await visitor.page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not lead to ${name}, but to ${passed.map((stop) => stop.slice(0, 40)).join(' | ')}`);
}

step('log in, submit and read a log by keyboard alone', async () => {
  const { page } = visitor;
  const { keyboard } = page;
  await page.goto('/login');
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  assert.match(await focused(), /User name/);
  await keyboard.type('admin');
  await keyboard.press('Tab');
  await keyboard.type(arena.adminPassword);
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Jobs' }).waitFor();

  await tabTo(/^New job$/);
  await keyboard.press('Enter');
  await page.getByRole('radio', { name: /local/ }).waitFor();
  await tabTo(/^Branch$/);
  await keyboard.type('mai');
  await page.getByRole('option', { name: 'main' }).waitFor();
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await page.getByText('by Ada Berg').waitFor();
  await keyboard.press('Enter');

  await page.getByRole('list', { name: 'Scenarios' }).waitFor();
  await tabTo(/smoke\/fails/);
  await keyboard.press('Space');
  await tabTo(/^Review$/);
  await keyboard.press('Enter');
  await tabTo(/^Submit the job$/);
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Job 1' }).waitFor();

  await tabTo(/^smoke\/fails$/);
  await keyboard.press('Enter');
  const log = page.getByRole('region', { name: 'Log: smoke/fails' });
  await log.getByText('got 41').waitFor();
  await tabTo(/^Log: smoke\/fails$/);
});

step('a dialog keeps the focus, Escape closes it and gives the focus back', async () => {
  const { page } = visitor;
  await page.goto('/jobs/1');
  await tabTo(/^Delete job 1$/);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  assert.equal(await focused(), 'Cancel', 'the harmless answer has the focus');
  for (let presses = 0; presses < 6; ++presses) {
    await page.keyboard.press('Tab');
    const inside = await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null);
    assert.ok(inside);
  }
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await focused(), 'Delete job 1');
});

step('the account menu opens, closes on Escape and gives the focus back', async () => {
  const { page } = visitor;
  await page.getByRole('button', { name: /Account of/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Signed in as').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('Signed in as').waitFor({ state: 'detached' });
  assert.match(await focused(), /^Account of/);
});

step('the theme is chosen by keyboard and stays', async () => {
  const { page } = visitor;
  await page.keyboard.press('Enter');
  await page.getByRole('radio', { name: 'Auto' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => document.documentElement.dataset['theme']), 'dark');
  await page.reload();
  await page.getByRole('heading', { name: 'Job 1' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dataset['theme']), 'dark');
});

step('shortcuts lead about, and can be turned off', async () => {
  const { page } = visitor;
  const { keyboard } = page;
  const isAt = (path: string) => until(path, () => new URL(page.url()).pathname === path);
  await keyboard.press('g');
  await keyboard.press('e');
  await isAt('/environments');
  await keyboard.press('g');
  await keyboard.press('j');
  await isAt('/jobs');
  await page.getByRole('link', { name: 'Job 1', exact: true }).waitFor();
  await keyboard.press('/');
  assert.equal(await focused(), 'Search by job id or user');
  await keyboard.type('n?g');
  assert.equal(await page.getByRole('searchbox', { name: 'Search by job id or user' }).inputValue(), 'n?g');
  await page.getByRole('searchbox', { name: 'Search by job id or user' }).fill('');
  await page.getByRole('heading', { name: 'Jobs' }).click();
  await keyboard.press('n');
  await isAt('/jobs/new');

  await keyboard.press('?');
  await page.getByRole('checkbox', { name: /Single-key shortcuts/ }).uncheck();
  await keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await keyboard.press('?');
  await keyboard.press('g');
  await keyboard.press('j');
  assert.equal(new URL(page.url()).pathname, '/jobs/new');
  assert.equal(await page.getByRole('dialog').count(), 0);
});

step('the first stop of Tab leads over the bar to the content', async () => {
  const { page } = visitor;
  await page.goto('/jobs');
  await page.getByRole('heading', { name: 'Jobs' }).waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Skip to the content');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Search by job id or user');
});

step('nothing happened that never should', () => visitor.assertUndisturbed());
