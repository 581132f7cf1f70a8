// SPDX-License-Identifier: Apache-2.0
// The arithmetic of virtual rows: which rows are seen at a scroll position, and where the scroll bar stands for a row.
// Browsers stop at an element height of some 33 million pixels (17.8 in Firefox), which is less than two million rows;
// above kTallest the scroll bar is therefore scaled, and rows are addressed by number instead of by pixel.

/** Lower than what any browser allows. */
export const kTallest = 15_000_000;
const kOverscan = 8;

export interface Layout {
  rows: number;
  rowHeight: number;
  viewportHeight: number;
}

/** How high the scrolled content claims to be. */
export function contentHeight({ rows, rowHeight }: Layout): number {
  return Math.min(rows * rowHeight, kTallest);
}

export function isScaled({ rows, rowHeight }: Layout): boolean {
  return rows * rowHeight > kTallest;
}

/** The row (with a fraction) at the upper edge when the last row stands at the lower edge. */
export function lastTopRow({ rows, rowHeight, viewportHeight }: Layout): number {
  return Math.max(0, rows - viewportHeight / rowHeight);
}

function scrollRange(layout: Layout): number {
  return Math.max(0, contentHeight(layout) - layout.viewportHeight);
}

/** The row (with a fraction) at the upper edge of the viewport. */
export function topRowAt(scrollTop: number, layout: Layout): number {
  const range = scrollRange(layout);
  if (range === 0) return 0;
  const fraction = Math.min(1, Math.max(0, scrollTop / range));
  return fraction * lastTopRow(layout);
}

/** The scroll position at which `topRow` stands at the upper edge. */
export function scrollTopFor(topRow: number, layout: Layout): number {
  const last = lastTopRow(layout);
  if (last === 0) return 0;
  return Math.min(1, Math.max(0, topRow / last)) * scrollRange(layout);
}

/** The rows to have in the page, [first, end), with a few outside the viewport so that scrolling shows no gaps. */
export function rowsAt(topRow: number, { rows, rowHeight, viewportHeight }: Layout): { first: number; end: number } {
  const first = Math.max(0, Math.floor(topRow) - kOverscan);
  const end = Math.min(rows, Math.ceil(topRow + viewportHeight / rowHeight) + kOverscan);
  return { first: Math.min(first, end), end };
}

/** Where a row stands in the content, in pixels, when `topRow` is at `scrollTop`. */
export function rowPosition(row: number, topRow: number, scrollTop: number, rowHeight: number): number {
  return scrollTop + (row - topRow) * rowHeight;
}

/** The top row that brings `row` into view with the least movement; in the middle if it is out of view altogether. */
export function topRowToShow(row: number, topRow: number, layout: Layout): number {
  const visible = layout.viewportHeight / layout.rowHeight;
  if (row >= topRow && row + 1 <= topRow + visible) return topRow;
  return Math.min(lastTopRow(layout), Math.max(0, row - visible / 2));
}
