// SPDX-License-Identifier: Apache-2.0
// The part of a log that is in memory: one stretch without gaps, [start, end), that grows at both ends and is looked at by
// row. It knows nothing of the network and nothing of the page.
import { plain, type Style } from './ansi';
import { LogChunk } from './log_chunk';

/** A chunk that has reached this size is not extended any more. */
const kChunkSize = 1 << 20;
const kLineFeed = 10;

export interface Row {
  text: string;
  /** The style that the text before this row leaves to it. */
  style: Style;
  /** From 1; undefined while the beginning of the log is not loaded. */
  line: number | undefined;
  /** True when this row goes on with the line of the row before. */
  continues: boolean;
}

export class LogBuffer {
  /** Counts up with every change. */
  version = 0;

  private chunks: LogChunk[] = [];
  /** Rows and lines before each chunk; rebuilt when chunks come or go. */
  private rowsBefore: number[] = [];
  private linesBefore: number[] = [];
  private emptyAt: number;
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(offset = 0) {
    this.emptyAt = offset;
  }

  get start(): number {
    return this.chunks[0]?.offset ?? this.emptyAt;
  }

  get end(): number {
    const last = this.chunks.at(-1);
    return last ? last.offset + last.length : this.emptyAt;
  }

  get size(): number {
    return this.end - this.start;
  }

  get rows(): number {
    const last = this.chunks.length - 1;
    return last < 0 ? 0 : (this.rowsBefore[last] ?? 0) + (this.chunks[last]?.rows ?? 0);
  }

  /** How many lines begin in the loaded part. */
  get lines(): number {
    const last = this.chunks.length - 1;
    return last < 0 ? 0 : (this.linesBefore[last] ?? 0) + (this.chunks[last]?.lines ?? 0);
  }

  /** Forgets everything and begins anew with `bytes` at `offset`. A line that began before `offset` is left out if it ends here. */
  reset(offset: number, bytes: Uint8Array): void {
    this.chunks = [];
    const { skipped, startsLine } = alignToLine(offset, bytes);
    this.emptyAt = offset + skipped;
    const aligned = bytes.subarray(skipped);
    if (aligned.length > 0) this.chunks.push(new LogChunk(offset + skipped, aligned.slice(), startsLine));
    this.changed();
  }

  /** Adds what follows `end`. */
  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const last = this.chunks.at(-1);
    if (last && last.length < kChunkSize) {
      last.extend(bytes);
    } else {
      const open = last?.splitOpenRow() ?? new Uint8Array();
      const joined = new Uint8Array(open.length + bytes.length);
      joined.set(open);
      joined.set(bytes, open.length);
      const offset = last ? last.offset + last.length : this.emptyAt;
      const startsLine = last ? last.endsLine() : offset === 0;
      this.chunks.push(new LogChunk(offset, joined, startsLine, last?.styleAfter));
    }
    this.changed();
  }

  /** Adds `bytes`, which begin at `offset` and end at `start`; answers how many rows came before the others. */
  prepend(offset: number, bytes: Uint8Array): number {
    const { skipped, startsLine } = alignToLine(offset, bytes);
    const aligned = bytes.subarray(skipped);
    if (aligned.length === 0) return 0;
    const chunk = new LogChunk(offset + skipped, aligned, startsLine);
    this.chunks.unshift(chunk);
    this.passStyleOn();
    this.changed();
    return chunk.rows;
  }

  /** Gives the oldest chunk up, unless it is the only one; answers how many rows went. */
  dropFirst(): number {
    if (this.chunks.length < 2) return 0;
    const dropped = this.chunks.shift();
    this.changed();
    return dropped?.rows ?? 0;
  }

  /** Gives the newest chunk up, unless it is the only one. */
  dropLast(): void {
    if (this.chunks.length < 2) return;
    this.chunks.pop();
    this.changed();
  }

  row(index: number): Row {
    const at = this.chunkOf(index);
    const chunk = this.chunks[at];
    if (!chunk) throw new RangeError(`row ${index} of ${this.rows}`);
    const inChunk = index - (this.rowsBefore[at] ?? 0);
    const continues = chunk.isContinuation(inChunk);
    const line = (this.linesBefore[at] ?? 0) + chunk.linesBefore(inChunk) + 1;
    return {
      text: this.decoder.decode(chunk.rowBytes(inChunk)),
      style: chunk.styleAt(inChunk),
      line: this.start === 0 ? line : undefined,
      continues,
    };
  }

  /** The chunks with the row each begins at, for a search that looks at one after the other. */
  pieces(): { chunk: LogChunk; firstRow: number }[] {
    return this.chunks.map((chunk, at) => ({ chunk, firstRow: this.rowsBefore[at] ?? 0 }));
  }

  private chunkOf(row: number): number {
    let low = 0;
    let high = this.chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.rowsBefore[middle] ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** After a chunk came first: colours that it leaves switched on reach into those after it. */
  private passStyleOn(): void {
    for (let at = 1; at < this.chunks.length; ++at) {
      const before = this.chunks[at - 1]?.styleAfter ?? plain;
      const chunk = this.chunks[at];
      if (!chunk || chunk.styleAt(0) === before) return;
      chunk.restyle(before);
    }
  }

  private changed(): void {
    this.rowsBefore = [];
    this.linesBefore = [];
    let rows = 0;
    let lines = 0;
    for (const chunk of this.chunks) {
      this.rowsBefore.push(rows);
      this.linesBefore.push(lines);
      rows += chunk.rows;
      lines += chunk.lines;
    }
    ++this.version;
  }
}

/** How many bytes belong to a line that began before `offset`. If none of the bytes ends that line, all are kept. */
function alignToLine(offset: number, bytes: Uint8Array): { skipped: number; startsLine: boolean } {
  if (offset === 0) return { skipped: 0, startsLine: true };
  const lineEnd = bytes.indexOf(kLineFeed);
  if (lineEnd < 0 || lineEnd + 1 === bytes.length) return { skipped: 0, startsLine: false };
  return { skipped: lineEnd + 1, startsLine: true };
}
