// SPDX-License-Identifier: Apache-2.0
// A stretch of a log as bytes, with the index of its rows. Rows are decoded only when they are shown.
import { applySgr, plain, type Style } from './ansi';

/** Longer lines continue in further rows: a megabyte without a line end must neither freeze the page nor be cut. */
export const kLongestRow = 4_096;
// No SGR sequence that takes effect is longer (log/ansi.ts), so looking back this far never cuts one in two.
const kLongestSequence = 64;
const kLineFeed = 10;
const kEscape = 27;

export class LogChunk {
  /** Where in the log this chunk begins. */
  readonly offset: number;
  /** False when it begins in the middle of a line. */
  readonly startsLine: boolean;
  /** Counts up with every change, for whoever keeps something about this chunk. */
  version = 0;
  /** The style that the bytes so far leave to what follows. */
  styleAfter: Style = plain;

  private buffer: Uint8Array;
  private used: number;
  private rowStarts: number[] = [];
  /** Rows, by index, that continue the line of the row before. */
  private continuations: number[] = [];
  private styles = new Map<number, Style>();
  /** The index knows the bytes up to here. */
  private indexedEnd = 0;

  constructor(offset: number, bytes: Uint8Array, startsLine: boolean, styleBefore: Style = plain) {
    this.offset = offset;
    this.startsLine = startsLine;
    this.buffer = bytes;
    this.used = bytes.length;
    this.index(0, styleBefore);
  }

  get bytes(): Uint8Array {
    return this.buffer.subarray(0, this.used);
  }

  get length(): number {
    return this.used;
  }

  get rows(): number {
    return this.rowStarts.length;
  }

  /** How many lines begin in this chunk. */
  get lines(): number {
    return this.rows - this.continuations.length;
  }

  endsLine(): boolean {
    return this.used > 0 && this.buffer[this.used - 1] === kLineFeed;
  }

  isContinuation(row: number): boolean {
    return this.continuations[this.continuationsBefore(row)] === row;
  }

  /** How many lines begin before `row`. */
  linesBefore(row: number): number {
    return row - this.continuationsBefore(row);
  }

  styleAt(row: number): Style {
    return this.styles.get(row) ?? plain;
  }

  /** The bytes of a row, without its line feed. */
  rowBytes(row: number): Uint8Array {
    const start = this.rowStarts[row] ?? this.used;
    const end = this.rowStarts[row + 1] ?? this.used;
    return this.buffer.subarray(start, end > start && this.buffer[end - 1] === kLineFeed ? end - 1 : end);
  }

  /** Adds what follows. Only the last row is indexed anew. */
  extend(bytes: Uint8Array): void {
    if (this.used + bytes.length > this.buffer.length) {
      const grown = new Uint8Array(Math.max(this.used + bytes.length, this.buffer.length * 2, 64 * 1_024));
      grown.set(this.bytes);
      this.buffer = grown;
    }
    this.buffer.set(bytes, this.used);
    this.used += bytes.length;
    const last = Math.max(0, this.rows - 1);
    const style = this.rows > 0 && !this.endsRow(last) ? this.styleAt(last) : this.styleAfter;
    this.index(this.endsRow(last) ? this.rows : last, style);
  }

  /** Takes the last row out, if it has no line end and is not the only one: it will go on in the next chunk. */
  splitOpenRow(): Uint8Array {
    if (this.rows < 2 || this.endsLine()) return new Uint8Array();
    const start = this.rowStarts[this.rows - 1] ?? this.used;
    const open = this.buffer.slice(start, this.used);
    this.used = start;
    this.styleAfter = this.styleAt(this.rows - 1);
    this.styles.delete(this.rows - 1);
    if (this.continuations.at(-1) === this.rows - 1) this.continuations.pop();
    this.rowStarts.pop();
    this.indexedEnd = start;
    ++this.version;
    return open;
  }

  /** Indexes again after the style that earlier text leaves has become known. */
  restyle(styleBefore: Style): void {
    this.index(0, styleBefore);
  }

  /** True if `row`, the last one, was ended by a line feed, so that what follows is a row of its own. */
  private endsRow(row: number): boolean {
    const end = this.indexedEnd;
    return row === this.rows - 1 && end > 0 && this.buffer[end - 1] === kLineFeed;
  }

  private continuationsBefore(row: number): number {
    let low = 0;
    let high = this.continuations.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.continuations[middle] ?? 0) < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private index(fromRow: number, styleBefore: Style): void {
    let at = fromRow < this.rows ? (this.rowStarts[fromRow] ?? 0) : this.indexedEnd;
    if (fromRow === 0) at = 0;
    this.rowStarts.length = fromRow;
    while (this.continuations.length > 0 && (this.continuations.at(-1) ?? 0) >= fromRow) this.continuations.pop();
    for (const row of [...this.styles.keys()].reverse()) {
      if (row < fromRow) break;
      this.styles.delete(row);
    }
    const bytes = this.bytes;
    let style = styleBefore;
    let lineEnd = -1;
    let escape = -1;
    while (at < bytes.length) {
      if (lineEnd < at) {
        lineEnd = bytes.indexOf(kLineFeed, at);
        if (lineEnd < 0) lineEnd = bytes.length;
      }
      if (escape < at) {
        escape = bytes.indexOf(kEscape, at);
        if (escape < 0) escape = bytes.length;
      }
      const end = lineEnd - at > kLongestRow ? this.cutBefore(at + kLongestRow, at) : Math.min(lineEnd + 1, bytes.length);
      const row = this.rowStarts.length;
      const continues = at === 0 ? !this.startsLine : bytes[at - 1] !== kLineFeed;
      if (continues) this.continuations.push(row);
      if (style !== plain) this.styles.set(row, style);
      this.rowStarts.push(at);
      if (escape < end) style = styleAfterBytes(bytes.subarray(escape, end), style);
      at = end;
    }
    this.indexedEnd = bytes.length;
    this.styleAfter = style;
    ++this.version;
  }

  /** The last place up to `wanted` at which neither a character nor an escape sequence is cut in two. */
  private cutBefore(wanted: number, start: number): number {
    let cut = wanted;
    while (cut > wanted - 4 && ((this.buffer[cut] ?? 0) & 0xc0) === 0x80) --cut;
    const lowest = Math.max(start + 1, cut - kLongestSequence);
    for (let at = cut - 1; at >= lowest; --at) {
      const byte = this.buffer[at] ?? 0;
      if (byte === 0x6d) break; // an `m`: whatever sequence began before has ended
      if (byte === kEscape) return at;
    }
    return cut;
  }
}

/** log/ansi.ts styleAfter() on bytes: all that matters of a sequence is ASCII. */
function styleAfterBytes(bytes: Uint8Array, before: Style): Style {
  let style = before;
  for (let at = bytes.indexOf(kEscape); at >= 0; at = bytes.indexOf(kEscape, at)) {
    let end = at + 2;
    while (end < at + kLongestSequence && isParameter(bytes[end])) ++end;
    if (bytes[at + 1] === 0x5b && end < at + kLongestSequence && bytes[end] === 0x6d) {
      style = applySgr(style, String.fromCharCode(...bytes.subarray(at + 2, end)));
      at = end;
    } else {
      ++at;
    }
  }
  return style === plain || !isPlain(style) ? style : plain;
}

function isParameter(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x3b;
}

function isPlain(style: Style): boolean {
  return (Object.keys(plain) as (keyof Style)[]).every((key) => style[key] === plain[key]);
}
