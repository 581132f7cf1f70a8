// SPDX-License-Identifier: Apache-2.0
// Brings a log into memory: its end first, then what comes before, then whatever it grows by.
import { signal } from '@preact/signals';

import { readLog } from '../api/client';
import { asProblem, isCancelled, type Problem } from '../api/problem';
import type { LogName, LogPart } from '../api/types';
import { LogBuffer } from './log_buffer';

const kFirstRead = 256 << 10;
const kRead = 2 << 20;
/** Up to this size a log is loaded whole without being asked, so that its lines have numbers. */
const kLoadWhole = 64 << 20;
/** More than this is not kept; what is farthest from the reader goes first. */
const kKeep = 96 << 20;

export class LogLoader {
  readonly buffer = new LogBuffer();
  /** The whole length on the server, as far as we were told. */
  readonly size = signal(0);
  /** The log will not grow any more. */
  readonly complete = signal(false);
  /** False until the first bytes, or the word that there are none, have come. */
  readonly opened = signal(false);
  readonly problem = signal<Problem | undefined>(undefined);
  /** Counts up with every change of `buffer`. */
  readonly version = signal(0);

  /** Called with the number of rows that came (or, negative, went) before those that were there. */
  onShift: (rows: number) => void = () => {};

  private readonly name: LogName;
  private readonly cancel = new AbortController();
  private growing = false;
  private growAgain = false;
  private fillingBack = false;
  /** Counts the requests for another part of the log: only the latest is shown. */
  private opening = 0;
  /** Counts how often `buffer` was begun anew: what was asked for before that does not belong to it. */
  private generation = 0;

  constructor(name: LogName) {
    this.name = name;
  }

  close(): void {
    this.cancel.abort();
  }

  /** True if nothing lies between the loaded part and the end of the log. */
  get atEnd(): boolean {
    return this.buffer.end >= this.size.peek();
  }

  get atStart(): boolean {
    return this.buffer.start === 0;
  }

  /**
   * Loads the end of the log, whatever was loaded before. `told` is how long the log is known to be: offsets are counted
   * from the beginning, since one from the end of a log that grows says nothing about where the bytes belong.
   */
  async openEnd(told: number): Promise<void> {
    const opening = ++this.opening;
    await this.guard(async () => {
      let offset = Math.max(0, Math.max(told, this.size.peek()) - kFirstRead);
      let part = await this.read(offset, 2 * kFirstRead);
      if (offset + part.bytes.length < part.size - kFirstRead) {
        offset = part.size - kFirstRead; // much longer than told
        part = await this.read(offset, 2 * kFirstRead);
      }
      if (opening !== this.opening) return;
      this.take(part, offset + part.bytes.length);
      this.reset(offset, part);
      if (part.size <= kLoadWhole) void this.fillBack(Infinity);
    });
    if (this.opened.peek() && !this.atEnd) void this.grow(this.size.peek());
  }

  /** Loads the beginning of the log; keeps what is there if that reaches so far. */
  async openStart(): Promise<void> {
    if (this.atStart && this.opened.peek()) return;
    const opening = ++this.opening;
    await this.guard(async () => {
      const part = await this.read(0, kRead);
      if (opening !== this.opening) return;
      this.size.value = Math.max(part.size, this.size.value);
      this.reset(0, part);
    });
  }

  /** Loads some of what comes before; called when the reader comes near the first row. */
  loadBefore(): void {
    void this.fillBack(1);
  }

  /** Loads some of what comes after, when the loaded part does not reach the end; also what the log has grown by. */
  loadAfter(): void {
    void this.grow(this.size.peek());
  }

  /** Tells that the log is (at least) so long now. */
  async grow(size: number): Promise<void> {
    if (!this.opened.peek()) return;
    // A reader who is elsewhere in a long log keeps the place: the end is loaded when asked for.
    const follows = this.atEnd;
    this.size.value = Math.max(this.size.peek(), size);
    if (this.growing) {
      this.growAgain = true;
      return;
    }
    this.growing = true;
    this.growAgain = false;
    const generation = this.generation;
    await this.guard(async () => {
      do {
        this.growAgain = false;
        const part = await this.read(this.buffer.end, kRead);
        if (generation !== this.generation) {
          this.growAgain = true; // from where the new part ends
          return;
        }
        this.take(part, this.buffer.end + part.bytes.length);
        this.buffer.append(part.bytes);
        this.forgetOldest();
        this.changed();
        if (part.bytes.length === 0) break;
      } while ((follows && this.buffer.end < this.size.peek()) || this.growAgain);
    });
    this.growing = false;
    // Asked meanwhile and not answered yet: the last answer was read before there was more, or was for another place.
    if (this.growAgain) void this.grow(this.size.peek());
  }

  private reset(offset: number, part: LogPart): void {
    ++this.generation;
    this.buffer.reset(offset, part.bytes);
    this.changed();
  }

  private async fillBack(reads: number): Promise<void> {
    if (this.fillingBack || !this.opened.peek()) return;
    this.fillingBack = true;
    await this.guard(async () => {
      for (let done = 0; done < reads && this.buffer.start > 0; ++done) {
        const generation = this.generation;
        const end = this.buffer.start;
        const offset = Math.max(0, end - kRead);
        const part = await this.read(offset, end - offset);
        if (generation !== this.generation) continue; // before the new part, there may be as much to read
        if (part.bytes.length !== end - offset) return;
        this.onShift(this.buffer.prepend(offset, part.bytes));
        while (this.buffer.size > kKeep) this.buffer.dropLast();
        this.changed();
      }
    });
    this.fillingBack = false;
  }

  private forgetOldest(): void {
    while (this.buffer.size > kKeep) this.onShift(-this.buffer.dropFirst());
  }

  private read(offset: number, limit: number): ReturnType<typeof readLog> {
    return readLog(this.name, offset, limit, this.cancel.signal);
  }

  /** What an answer, whose bytes end at `end`, says about the whole log. */
  private take(part: LogPart, end: number): void {
    this.size.value = Math.max(part.size, end);
    this.complete.value = part.complete;
  }

  private changed(): void {
    this.opened.value = true;
    this.version.value = this.buffer.version;
  }

  private async guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.problem.value = undefined;
    } catch (error) {
      if (!isCancelled(error)) this.problem.value = asProblem(error);
    }
  }
}
