// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { localAddress } from '../../src/state/local_address';

const origin = 'http://127.0.0.1:8080';

test('an address of this program is kept, with its query', () => {
  assert.equal(localAddress('/jobs/12?tab=logs&scenario=a%2Fb', origin), '/jobs/12?tab=logs&scenario=a%2Fb');
  assert.equal(localAddress('/jobs/../plugins', origin), '/plugins');
});

test('no address leads out', () => {
  const hostile = [
    null,
    '',
    'jobs',
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '\\/evil.example',
    '/\t/evil.example/',
    '/\n/evil.example/',
    '///evil.example',
    '/.//evil.example',
    '/jobs/..//evil.example',
    'javascript:alert(1)',
    '//[::1',
    ' //evil.example',
  ];
  for (const candidate of hostile) assert.equal(localAddress(candidate, origin), undefined, JSON.stringify(candidate));
});
