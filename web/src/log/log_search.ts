// SPDX-License-Identifier: Apache-2.0
// Finds text in the loaded part of a log, without holding the page up: chunk by chunk, each looked at once.
import { withoutColours } from './ansi';
import type { LogBuffer } from './log_buffer';
import type { LogChunk } from './log_chunk';

interface Found {
  version: number;
  rows: number[];
}

export class LogSearch {
  readonly needle: string;
  private readonly known = new WeakMap<LogChunk, Found>();
  private readonly decoder = new TextDecoder();

  /** Capital and small letters are the same. An empty needle finds nothing. */
  constructor(needle: string) {
    this.needle = needle.toLowerCase();
  }

  /** The rows that contain the needle, in order. `pause` is awaited between chunks; it answers false to give up. */
  async rows(buffer: LogBuffer, pause: () => Promise<boolean>): Promise<number[] | undefined> {
    const found: number[] = [];
    if (!this.needle) return found;
    const version = buffer.version;
    for (const { chunk, firstRow } of buffer.pieces()) {
      const known = this.known.get(chunk);
      if (known?.version !== chunk.version) {
        this.known.set(chunk, { version: chunk.version, rows: this.rowsOf(chunk) });
        if (!(await pause())) return undefined;
        if (buffer.version !== version) return undefined;
      }
      for (const row of this.known.get(chunk)?.rows ?? []) found.push(firstRow + row);
    }
    return found;
  }

  /** Most chunks do not have it at all, which one look at the whole of each tells. */
  private rowsOf(chunk: LogChunk): number[] {
    const rows: number[] = [];
    if (!this.contains(chunk.bytes)) return rows;
    for (let row = 0; row < chunk.rows; ++row) {
      if (this.contains(chunk.rowBytes(row))) rows.push(row);
    }
    return rows;
  }

  private contains(bytes: Uint8Array): boolean {
    return withoutColours(this.decoder.decode(bytes)).toLowerCase().includes(this.needle);
  }
}
