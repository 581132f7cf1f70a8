// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LogBuffer } from '../../src/log/log_buffer';
import { LogSearch } from '../../src/log/log_search';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const goOn = (): Promise<boolean> => Promise.resolve(true);

function whole(text: string): LogBuffer {
  const buffer = new LogBuffer();
  buffer.reset(0, bytes(text));
  return buffer;
}

test('finds rows whatever the letters are, and whatever colours stand in between', async () => {
  const buffer = whole('Error: one\nnothing\nan er\x1b[31mror\x1b[0m here\n');
  assert.deepEqual(await new LogSearch('ERROR').rows(buffer, goOn), [0, 2]);
  assert.deepEqual(await new LogSearch('').rows(buffer, goOn), []);
  assert.deepEqual(await new LogSearch('absent').rows(buffer, goOn), []);
});

test('finds what came later, and looks at old chunks once', async () => {
  const buffer = whole('x\n'.repeat(600_000));
  const search = new LogSearch('needle');
  assert.deepEqual(await search.rows(buffer, goOn), []);
  buffer.append(bytes('a needle\n'));
  let looked = 0;
  const count = (): Promise<boolean> => {
    ++looked;
    return goOn();
  };
  assert.deepEqual(await search.rows(buffer, count), [600_000]);
  assert.equal(looked, 1);
});

test('gives up when it is told to, and when the log changes under it', async () => {
  const buffer = whole('needle\n');
  const search = new LogSearch('needle');
  assert.equal(await search.rows(buffer, () => Promise.resolve(false)), undefined);
  const other = new LogSearch('needle');
  const change = (): Promise<boolean> => {
    buffer.append(bytes('more\n'));
    return goOn();
  };
  assert.equal(await other.rows(buffer, change), undefined);
  assert.deepEqual(await other.rows(buffer, goOn), [0]);
});
