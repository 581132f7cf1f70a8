// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { retryDelay } from '../../src/api/retry_delay';
import { SseReader } from '../../src/api/sse_reader';

const stream = 'retry: 1500\n\nid: 7-1\nevent: job\ndata: {"id":1}\n\n: still here\n\nid: 7-2\nevent: log\ndata: a\ndata: b\n\ndata:x\n\n';
const expected = [
  { name: 'job', data: '{"id":1}', id: '7-1' },
  { name: 'log', data: 'a\nb', id: '7-2' },
  { name: 'message', data: 'x', id: '7-2' },
];

test('reads events, keeps the last id, and lets comments and unknown fields pass', () => {
  const reader = new SseReader();
  assert.deepEqual(reader.push(stream), expected);
  assert.equal(reader.lastId, '7-2');
});

for (const [name, lineEnd] of [['LF', '\n'], ['CR', '\r'], ['CR LF', '\r\n']] as const) {
  test(`reads the same wherever the stream is cut, with ${name} as line end`, () => {
    const text = stream.replaceAll('\n', lineEnd);
    for (let cut = 0; cut <= text.length; ++cut) {
      const reader = new SseReader();
      assert.deepEqual([...reader.push(text.slice(0, cut)), ...reader.push(text.slice(cut))], expected, `cut at ${cut}`);
    }
    const reader = new SseReader();
    assert.deepEqual([...text].flatMap((unit) => reader.push(unit)), expected);
  });
}

test('an event that is not ended is not told', () => {
  const reader = new SseReader();
  assert.deepEqual(reader.push('data: half'), []);
  assert.deepEqual(reader.push('\n'), []);
  assert.deepEqual(reader.push('\n'), [{ name: 'message', data: 'half', id: '' }]);
});

test('an id with NUL is none, an event without data is none', () => {
  const reader = new SseReader();
  assert.deepEqual(reader.push('id: a\0b\nevent: job\n\n'), []);
  assert.equal(reader.lastId, '');
  assert.deepEqual(reader.push('data\n\n'), [{ name: 'message', data: '', id: '' }]);
});

test('a byte order mark before the stream is no part of it', () => {
  assert.deepEqual(new SseReader().push('\uFEFFdata: x\n\n'), [{ name: 'message', data: 'x', id: '' }]);
});

test('attempts to reconnect come ever later, up to half a minute, and never in step', () => {
  assert.ok(retryDelay(1, 0) >= 800 && retryDelay(1, 1) <= 1_200);
  assert.ok(retryDelay(3, 0) > retryDelay(2, 1));
  assert.equal(retryDelay(50, 0.5), 30_000);
  assert.ok(retryDelay(50, 0) < retryDelay(50, 1));
});
