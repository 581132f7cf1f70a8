// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Scenario } from '../../src/api/types';
import { choiceOf, stepAddress } from '../../src/pages/new_job/addresses';
import { fits, inOrder, tagsOf, withChosen } from '../../src/pages/new_job/selection';

const scenario = (name: string, tags: string[] = [], description = ''): Scenario => ({
  name,
  tags,
  description,
  path: `scenarios/${name}.sh`,
  timeout_s: 0,
});
const all = [scenario('net/dhcp', ['smoke', 'net']), scenario('net/dns', ['net'], 'Resolves names'), scenario('boot', ['smoke'])];

test('every word of the filter must stand somewhere, every tag be there', () => {
  const fitting = (text: string, tags: string[] = []) => all.filter((one) => fits(one, { text, tags })).map(({ name }) => name);
  assert.deepEqual(fitting(''), ['net/dhcp', 'net/dns', 'boot']);
  assert.deepEqual(fitting('NET smoke'), ['net/dhcp']);
  assert.deepEqual(fitting('resolves'), ['net/dns']);
  assert.deepEqual(fitting('', ['smoke']), ['net/dhcp', 'boot']);
  assert.deepEqual(fitting('net', ['smoke', 'net']), ['net/dhcp']);
});

test('tags are counted once per scenario', () => {
  assert.deepEqual(tagsOf([...all, scenario('x', ['net', 'net'])]), [
    { tag: 'net', scenarios: 3 },
    { tag: 'smoke', scenarios: 2 },
  ]);
});

test('what is chosen is submitted in the order of the scan', () => {
  const chosen = withChosen(withChosen(new Set<string>(), ['boot', 'net/dhcp'], true), ['absent'], true);
  assert.deepEqual(inOrder(all, chosen), ['net/dhcp', 'boot']);
  assert.deepEqual(inOrder(all, withChosen(chosen, ['boot'], false)), ['net/dhcp']);
});

test('the steps stand in the address', () => {
  const choice = { step: 'scenarios' as const, environment: 'lab 1', branch: 'a&b=c', commit: 'abc' };
  assert.deepEqual(choiceOf(new URL(stepAddress(choice), 'http://x').searchParams), choice);
  assert.equal(choiceOf(new URLSearchParams('step=review')).step, 'branch', 'without a branch there is nothing to review');
  assert.equal(choiceOf(new URLSearchParams('step=nonsense&environment=a&branch=b')).step, 'branch');
});
