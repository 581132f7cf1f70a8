// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { matchesIn } from '../../src/log/row_view';

test('every place of the needle is found, none twice', () => {
  assert.deepEqual(matchesIn('aXbxc', 'x'), [
    { from: 1, to: 2 },
    { from: 3, to: 4 },
  ]);
  assert.deepEqual(matchesIn('aaa', 'aa'), [{ from: 0, to: 2 }]);
  assert.deepEqual(matchesIn('aaa', ''), []);
});

test('letters that change their length in small are left unmarked rather than marked wrongly', () => {
  assert.deepEqual(matchesIn('İx', 'x'), []);
});
