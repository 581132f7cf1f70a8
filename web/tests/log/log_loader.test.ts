// SPDX-License-Identifier: Apache-2.0
// The loader against a log on a pretended server, whose answers come when the test lets them.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

import { LogLoader } from '../../src/log/log_loader';

class Server {
  log = '';
  complete = false;
  readonly waiting: (() => void)[] = [];
  private readonly real = globalThis.fetch;

  constructor() {
    globalThis.fetch = (input) => {
      const query = new URL(String(input), 'http://x').searchParams;
      const offset = Number(query.get('offset'));
      // As the server does: what is answered is what was there when it was read, however late it arrives.
      const bytes = new TextEncoder().encode(this.log).subarray(offset, offset + Number(query.get('limit')));
      const headers = { 'X-Log-Size': String(this.log.length), 'X-Log-Complete': String(this.complete) };
      return new Promise((resolve) => this.waiting.push(() => resolve(new Response(bytes, { headers }))));
    };
  }

  /** Lets the oldest answer arrive. */
  async answer(): Promise<void> {
    const next = this.waiting.shift();
    assert.ok(next, 'a request is under way');
    next();
    for (let turns = 0; turns < 20; ++turns) await turn();
  }

  async answerAll(): Promise<void> {
    while (this.waiting.length > 0) await this.answer();
  }

  end(): void {
    globalThis.fetch = this.real;
  }
}

let server: Server;
afterEach(() => server.end());

const texts = (loader: LogLoader): string[] => [...Array(loader.buffer.rows).keys()].map((row) => loader.buffer.row(row).text);

async function open(log: string, told = log.length): Promise<LogLoader> {
  server = new Server();
  server.log = log;
  const loader = new LogLoader({ job: 1, scenario: 's', attempt: 1 });
  void loader.openEnd(told);
  await server.answerAll();
  return loader;
}

test('a log that grows is read on', async () => {
  const loader = await open('one\n');
  server.log += 'two\n';
  void loader.grow(server.log.length);
  await server.answerAll();
  assert.deepEqual(texts(loader), ['one', 'two']);
});

test('word of new lines that comes while an empty answer is under way is not lost', async () => {
  const loader = await open('one\n');
  void loader.grow(server.log.length); // a change of the job's state, say: nothing new to read yet
  server.log += 'the last line\n';
  server.complete = true;
  void loader.grow(server.log.length);
  await server.answerAll();
  assert.deepEqual(texts(loader), ['one', 'the last line']);
  assert.equal(loader.complete.value, true);
});

test('a log that is much longer than told opens at its end all the same', async () => {
  const lines = [...Array(200_000).keys()].map((at) => `line ${at}`);
  const loader = await open(`${lines.join('\n')}\n`, 10);
  assert.equal(texts(loader).at(-1), 'line 199999');
  assert.equal(loader.buffer.start, 0, 'and is loaded whole after that');
  assert.equal(loader.buffer.rows, lines.length);
});

test('a refusal is a problem that the next success takes away', async () => {
  const loader = await open('one\n');
  globalThis.fetch = () => Promise.reject(new TypeError('network'));
  await loader.grow(8);
  assert.equal(loader.problem.value?.status, 0);
  server.end();
  const again = await open('one\ntwo\n');
  assert.equal(again.problem.value, undefined);
  assert.deepEqual(texts(again), ['one', 'two']);
});

test('what was being read when the end was opened again is not put behind the new end', async () => {
  const loader = await open('one\n');
  server.log += 'two\n';
  void loader.grow(server.log.length);
  void loader.openEnd(server.log.length); // the reader goes back to following while new lines are on their way
  server.log += 'three\n';
  void loader.grow(server.log.length);
  await server.answer(); // of the first growth: read on from the old end
  await server.answerAll();
  assert.deepEqual(texts(loader), ['one', 'two', 'three']);
  server.log += 'the last line\n';
  void loader.grow(server.log.length);
  await server.answerAll();
  assert.deepEqual(texts(loader), ['one', 'two', 'three', 'the last line']);
});

test('word of new lines that comes while the end is opened again is not lost', async () => {
  const loader = await open('one\n');
  void loader.openEnd(server.log.length);
  server.log += 'the last line\n';
  server.complete = true;
  void loader.grow(server.log.length);
  await server.answerAll();
  assert.deepEqual(texts(loader), ['one', 'the last line']);
});
