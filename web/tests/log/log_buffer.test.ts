// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LogBuffer } from '../../src/log/log_buffer';
import { kLongestRow } from '../../src/log/log_chunk';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const texts = (buffer: LogBuffer): string[] => [...Array(buffer.rows).keys()].map((row) => buffer.row(row).text);
const lines = (buffer: LogBuffer): (number | undefined)[] => [...Array(buffer.rows).keys()].map((row) => buffer.row(row).line);

/** A generator of pseudo-random numbers with a seed, so that what fails can be repeated. */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function whole(text: string): LogBuffer {
  const buffer = new LogBuffer();
  buffer.reset(0, bytes(text));
  return buffer;
}

test('lines become rows with numbers', () => {
  const buffer = whole('one\ntwo\n\nfour');
  assert.deepEqual(texts(buffer), ['one', 'two', '', 'four']);
  assert.deepEqual(lines(buffer), [1, 2, 3, 4]);
  assert.equal(whole('').rows, 0);
  assert.deepEqual(texts(whole('\n')), ['']);
});

test('a line that is not finished grows', () => {
  const buffer = whole('one\ntw');
  buffer.append(bytes('o\nth'));
  assert.deepEqual(texts(buffer), ['one', 'two', 'th']);
  buffer.append(bytes('ree\n'));
  assert.deepEqual(texts(buffer), ['one', 'two', 'three']);
  buffer.append(bytes('four'));
  assert.deepEqual(lines(buffer), [1, 2, 3, 4]);
});

test('opened at its end, a log begins with a whole line', () => {
  const buffer = new LogBuffer();
  buffer.reset(100, bytes('rest of a line\nnext\nlast\n'));
  assert.deepEqual(texts(buffer), ['next', 'last']);
  assert.deepEqual(lines(buffer), [undefined, undefined]);
  assert.equal(buffer.start, 100 + 'rest of a line\n'.length);
});

test('what comes before is put before, and lines get their numbers when the beginning is there', () => {
  const text = [...Array(100).keys()].map((at) => `line ${at}\n`).join('');
  const all = bytes(text);
  const buffer = new LogBuffer();
  buffer.reset(all.length - 50, all.subarray(all.length - 50));
  while (buffer.start > 0) {
    const offset = Math.max(0, buffer.start - 37);
    const before = buffer.rows;
    const added = buffer.prepend(offset, all.subarray(offset, buffer.start));
    assert.equal(buffer.rows, before + added);
  }
  assert.deepEqual(texts(buffer), text.trimEnd().split('\n'));
  assert.deepEqual(lines(buffer), [...Array(100).keys()].map((at) => at + 1));
});

test('a megabyte without a line end is whole, in rows that can be shown', () => {
  const text = 'é'.repeat(600_000);
  const buffer = whole(`${text}\nend\n`);
  const rows = texts(buffer);
  assert.equal(rows.slice(0, -1).join(''), text);
  assert.ok(rows.every((row) => bytes(row).length <= kLongestRow));
  assert.equal(buffer.row(0).continues, false);
  assert.equal(buffer.row(1).continues, true);
  assert.equal(buffer.row(buffer.rows - 1).line, 2);
  assert.equal(buffer.lines, 2);
});

test('no row begins inside an escape sequence', () => {
  for (let shift = 0; shift < 12; ++shift) {
    const buffer = whole(`${'x'.repeat(kLongestRow - 12 + shift)}\x1b[1;31m${'y'.repeat(100)}`);
    const second = buffer.row(1);
    const colour = second.text.startsWith('\x1b[1;31m') || second.style.foreground === 1;
    assert.ok(colour, `shift ${shift}: ${JSON.stringify(second.text.slice(0, 12))}`);
  }
});

test('colours reach into the rows that follow, also into those loaded before them', () => {
  const all = bytes('plain\n\x1b[31mred\nstill red\nand here\n\x1b[0mplain again\n');
  const buffer = new LogBuffer();
  const cut = all.length - 'and here\n\x1b[0mplain again\n'.length;
  buffer.reset(cut - 3, all.subarray(cut - 3));
  assert.equal(buffer.row(0).style.foreground, -1, 'not known yet');
  buffer.prepend(0, all.subarray(0, buffer.start));
  assert.deepEqual(
    [...Array(5).keys()].map((row) => buffer.row(row).style.foreground),
    [-1, -1, 1, 1, 1],
  );
  assert.deepEqual(texts(buffer)[4], '\x1b[0mplain again');
});

test('bytes that are no text stay rows of their own', () => {
  const buffer = new LogBuffer();
  buffer.reset(0, Uint8Array.of(0xff, 0xfe, 10, 0xc3, 10, 65));
  assert.deepEqual(texts(buffer), ['\ufffd\ufffd', '\ufffd', 'A']);
});

test('whatever the pieces a log comes in, it reads the same', () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
  const random = randomOf(seed);
  const alphabet = ['a', 'é', '日', '\n', '\r\n', '\x1b[31m', '\x1b[0m', '\x1b', 'm', '[', '\t', '🙂', 'x'.repeat(3_000)];
  for (let round = 0; round < 60; ++round) {
    let text = '';
    for (let at = random(400); at > 0; --at) text += alphabet[random(alphabet.length)];
    const all = bytes(text);
    const expected = whole(text);
    const buffer = new LogBuffer();
    const middle = random(all.length + 1);
    buffer.reset(0, all.subarray(0, middle));
    for (let at = middle; at < all.length; ) {
      const end = Math.min(all.length, at + 1 + random(5_000));
      buffer.append(all.subarray(at, end));
      at = end;
    }
    const message = `SEED=${seed} round ${round}`;
    assert.deepEqual(texts(buffer), texts(expected), message);
    assert.deepEqual(lines(buffer), lines(expected), message);
    const styles = (which: LogBuffer) => [...Array(which.rows).keys()].map((row) => which.row(row).style.foreground);
    assert.deepEqual(styles(buffer), styles(expected), message);
    assert.equal(buffer.end, all.length, message);
  }
});

test('a large log goes over into further chunks without losing a line', () => {
  const buffer = new LogBuffer();
  const line = `${'0123456789'.repeat(9)}\n`;
  const block = bytes(line.repeat(1_000) + 'unfinished ');
  for (let at = 0; at < 40; ++at) buffer.append(block);
  assert.ok(buffer.pieces().length > 2);
  assert.equal(buffer.lines, 40 * 1_000 + 1);
  assert.equal(buffer.row(1_000).text, `unfinished ${line.trimEnd()}`);
  assert.equal(buffer.row(buffer.rows - 1).line, buffer.lines);
  const rows = buffer.rows;
  const dropped = buffer.dropFirst();
  assert.equal(buffer.rows, rows - dropped);
  assert.equal(buffer.row(0).line, undefined);
});
