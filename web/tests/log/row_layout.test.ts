// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  contentHeight,
  isScaled,
  kTallest,
  lastTopRow,
  rowPosition,
  rowsAt,
  scrollTopFor,
  topRowAt,
  topRowToShow,
  type Layout,
} from '../../src/log/row_layout';

const of = (rows: number): Layout => ({ rows, rowHeight: 20, viewportHeight: 600 });

test('a log that fits does not scroll', () => {
  assert.equal(contentHeight(of(10)), 200);
  assert.equal(topRowAt(50, of(10)), 0);
  assert.deepEqual(rowsAt(0, of(10)), { first: 0, end: 10 });
  assert.deepEqual(rowsAt(0, of(0)), { first: 0, end: 0 });
});

test('without scaling, rows stand where their pixels are', () => {
  const layout = of(100_000);
  assert.equal(isScaled(layout), false);
  assert.equal(topRowAt(20 * 5_000, layout), 5_000);
  assert.equal(scrollTopFor(5_000, layout), 20 * 5_000);
  assert.equal(rowPosition(5_007, 5_000, 100_000, 20), 5_007 * 20);
});

test('ten million rows have a scroll bar that reaches both ends', () => {
  const layout = of(10_000_000);
  assert.equal(isScaled(layout), true);
  assert.equal(contentHeight(layout), kTallest);
  assert.equal(topRowAt(0, layout), 0);
  assert.equal(topRowAt(kTallest - 600, layout), lastTopRow(layout));
  assert.equal(scrollTopFor(lastTopRow(layout), layout), kTallest - 600);
  assert.deepEqual(rowsAt(lastTopRow(layout), layout).end, 10_000_000);
  // The last row ends exactly at the lower edge.
  const top = kTallest - 600;
  assert.equal(rowPosition(9_999_999, lastTopRow(layout), top, 20) + 20, kTallest);
});

test('row and scroll position lead back to each other', () => {
  for (const rows of [31, 1_000, 749_999, 750_001, 5_000_000]) {
    const layout = of(rows);
    for (const part of [0, 0.1, 0.5, 0.9, 1]) {
      const row = part * lastTopRow(layout);
      assert.ok(Math.abs(topRowAt(scrollTopFor(row, layout), layout) - row) < 1e-3, `${rows} rows, row ${row}`);
    }
  }
});

test('only what is seen, and a little more, is in the page', () => {
  const { first, end } = rowsAt(500_000.5, of(1_000_000));
  assert.ok(first <= 500_000 && first > 499_980);
  assert.ok(end >= 500_031 && end - first < 60);
});

test('a row in view stays where it is, another one comes to the middle', () => {
  const layout = of(1_000);
  assert.equal(topRowToShow(110, 100, layout), 100);
  assert.equal(topRowToShow(500, 100, layout), 485);
  assert.equal(topRowToShow(999, 100, layout), lastTopRow(layout));
  assert.equal(topRowToShow(2, 100, layout), 0);
});
