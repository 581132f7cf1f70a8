// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { applySgr, parseLine, plain, visibleName, withoutColours } from '../../src/log/ansi';

const shown = (line: string): string =>
  parseLine(line, plain)
    .pieces.map(({ text, marked }) => (marked ? `<${text}>` : text))
    .join('');

const styleOf = (line: string, text: string) => parseLine(line, plain).pieces.find((piece) => piece.text === text)?.style;

test('colours and weights take effect', () => {
  assert.equal(styleOf('\x1b[1;31mFAILED\x1b[0m rest', 'FAILED')?.foreground, 1);
  assert.equal(styleOf('\x1b[1;31mFAILED\x1b[0m rest', 'FAILED')?.bold, true);
  assert.deepEqual(styleOf('\x1b[1;31mFAILED\x1b[0m rest', ' rest'), plain);
  assert.equal(styleOf('\x1b[97;104mx', 'x')?.foreground, 15);
  assert.equal(styleOf('\x1b[97;104mx', 'x')?.background, 12);
  assert.equal(styleOf('\x1b[4:3mcurly', 'curly')?.underline, true);
  assert.equal(styleOf('\x1b[mx', 'x'), plain);
});

test('a style goes on over the end of the line', () => {
  const { after } = parseLine('\x1b[32mgreen', plain);
  assert.equal(after.foreground, 2);
  assert.equal(parseLine('still', after).pieces[0]?.style.foreground, 2);
});

test('colours of the 256 and of 24 bits become the nearest of the sixteen', () => {
  assert.equal(applySgr(plain, '38;5;9').foreground, 9);
  assert.equal(applySgr(plain, '38;5;196').foreground, 9);
  assert.equal(applySgr(plain, '38;5;232').foreground, 0);
  assert.equal(applySgr(plain, '38;2;0;200;0').foreground, 10);
  assert.equal(applySgr(plain, '38:2::0:200:0').foreground, 10);
  assert.equal(applySgr(plain, '48;2;250;250;250').background, 15);
  assert.equal(applySgr(plain, '38;5;1;4').underline, true, 'what follows a colour is read on');
});

test('colours that are none are left out', () => {
  assert.deepEqual(applySgr(plain, '38;5;999'), plain);
  assert.deepEqual(applySgr(plain, '38;2;1;2'), plain);
  assert.deepEqual(applySgr(plain, '38'), plain);
  assert.deepEqual(applySgr(plain, '9999;;;'), plain);
});

test('nothing is hidden: conceal has no effect', () => {
  assert.deepEqual(styleOf('\x1b[8mhidden', 'hidden'), plain);
});

test('all other escapes are shown', () => {
  assert.equal(shown('a\x1b[2Jb'), 'a<ESC>[2Jb');
  assert.equal(shown('\x1b]8;;javascript:alert(1)\x07link'), '<ESC>]8;;javascript:alert(1)<BEL>link');
  assert.equal(shown('\x1b[10;20Hx'), '<ESC>[10;20Hx');
  assert.equal(shown('\x1b[?25lx'), '<ESC>[?25lx');
  assert.equal(shown('\x1b'), '<ESC>');
  assert.equal(shown('\x1b[31'), '<ESC>[31');
  assert.equal(shown('\x9b31mx'), '<U+009B>31mx');
});

test('what cannot be seen is made visible', () => {
  assert.equal(shown('PASS\rFAIL'), 'PASS<CR>FAIL');
  assert.equal(shown('a\u202eb\u2066c'), 'a<U+202E>b<U+2066>c');
  assert.equal(shown('a\u200bb\ufeffc\u2028d'), 'a<U+200B>b<U+FEFF>c<U+2028>d');
  assert.equal(shown('a\u{e0041}b'), 'a<U+E0041>b');
  assert.equal(shown('a\0b\x7f'), 'a<NUL>b<DEL>');
  assert.equal(shown('tab\tstays'), 'tab\tstays');
  assert.equal(visibleName('\u0085'), 'U+0085');
});

test('the carriage return of a line end is no text', () => {
  assert.equal(shown('windows\r'), 'windows');
  assert.equal(shown('bar\r\r'), 'bar<CR>');
});

// Quadratic work on these would not come to an end within the patience of anybody.
test('a sequence of any length is text, and no reason to be slow', () => {
  const digits = '1'.repeat(1_000_000);
  assert.equal(shown(`\x1b[${digits}`).length, digits.length + '<ESC>['.length);
  assert.equal(shown(`\x1b[${digits}m`).length, digits.length + '<ESC>[m'.length);
  assert.equal(shown('\x1b['.repeat(300_000)).length, 300_000 * '<ESC>['.length);
});

test('text is the same wherever a line is cut by an escape', () => {
  const line = 'a\x1b[1;38;5;200mb\x1b[0mc\x1b[2Kd';
  for (let at = 0; at <= line.length; ++at) {
    const first = parseLine(line.slice(0, at), plain);
    const second = parseLine(line.slice(at), first.after);
    const text = [...first.pieces, ...second.pieces].map((piece) => piece.text).join('');
    assert.ok(text.startsWith('a') && text.endsWith('d'), JSON.stringify(text));
  }
});

test('a search looks at text without its colours', () => {
  assert.equal(withoutColours('\x1b[31mfo\x1b[1mo\x1b[0m bar\x1b[2J'), 'foo bar\x1b[2J');
});
