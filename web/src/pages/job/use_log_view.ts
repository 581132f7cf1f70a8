// SPDX-License-Identifier: Apache-2.0
// Ties a log that loads to the rows that show it: follows its end, keeps the reader's place, asks for more in time.
import { signal, type Signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';

import type { LogName } from '../../api/types';
import { LogLoader } from '../../log/log_loader';
import { LogRows } from '../../log/log_rows';
import { fillRow } from '../../log/row_view';

/** Rows from the edge of what is loaded at which more is asked for. */
const kNearEdge = 400;

export class LogView {
  readonly loader: LogLoader;
  /** The view stays at the end as the log grows. */
  readonly follows: Signal<boolean> = signal(true);
  /** What is searched for, in small letters; its places are marked. */
  needle = '';

  private rows: LogRows | undefined;
  private shift = 0;

  /** How long the log is, as the server last told. */
  private readonly told: () => number;

  constructor(name: LogName, told: () => number) {
    this.loader = new LogLoader(name);
    this.told = told;
  }

  /** Shows the log in `viewport`, at its end. Answers how to take it out again. */
  mount(viewport: HTMLElement): () => void {
    const { loader } = this;
    const rows = new LogRows(viewport, {
      rows: () => loader.buffer.rows,
      render: (row, element) => {
        fillRow(element, loader.buffer.row(row), this.needle);
        if (row === this.currentHit) element.classList.add('log-row-hit');
      },
    });
    this.rows = rows;
    loader.onShift = (count) => (this.shift += count);
    rows.onMove = (atEnd, upwards) => this.onMove(atEnd, upwards);
    rows.onResize = () => this.keepEnd();
    const stop = loader.version.subscribe(() => this.onLoaded());
    void this.open();
    return () => {
      stop();
      rows.close();
      loader.close();
      this.rows = undefined;
    };
  }

  /** Loads the end of the log, also after that has failed. */
  open(): Promise<void> {
    return this.loader.openEnd(this.told());
  }

  async toStart(): Promise<void> {
    this.follows.value = false;
    await this.loader.openStart();
    this.rows?.redraw();
    this.rows?.toStart();
  }

  async toEnd(): Promise<void> {
    this.follows.value = true;
    if (!this.loader.atEnd) {
      await this.open();
      this.rows?.redraw();
    }
    this.rows?.toEnd();
  }

  toggleFollow(): void {
    if (this.follows.peek()) this.follows.value = false;
    else void this.toEnd();
  }

  private currentHit = -1;

  /** Brings a row with a hit into view and sets it apart. */
  showHit(row: number): void {
    this.currentHit = row;
    this.follows.value = false;
    this.rows?.toRow(row);
    this.rows?.redraw();
  }

  search(needle: string): void {
    this.needle = needle.toLowerCase();
    this.currentHit = -1;
    this.rows?.redraw();
  }

  firstRow(): number {
    return this.rows?.firstRow() ?? 0;
  }

  /** Keys that the browser cannot know: it does not have the rows that are not shown. True if the key was one. */
  onKey(key: string): boolean {
    const rows = this.rows;
    if (!rows) return false;
    if (key === 'Home') void this.toStart();
    else if (key === 'End') void this.toEnd();
    else if (key === 'ArrowDown') rows.by(1);
    else if (key === 'ArrowUp') rows.by(-1);
    else if (key === 'PageDown' || key === ' ') rows.by(rows.pageRows());
    else if (key === 'PageUp') rows.by(-rows.pageRows());
    else return false;
    return true;
  }

  private onLoaded(): void {
    this.rows?.update(this.shift);
    if (this.currentHit >= 0) this.currentHit += this.shift;
    this.shift = 0;
    this.keepEnd();
  }

  private keepEnd(): void {
    if (this.follows.peek() && this.loader.atEnd) this.rows?.toEnd();
  }

  private onMove(atEnd: boolean, upwards: boolean): void {
    if (atEnd && this.loader.atEnd) this.follows.value = true;
    else if (upwards || !atEnd) this.follows.value = false;
    const rows = this.rows;
    if (!rows) return;
    if (rows.firstRow() < kNearEdge && !this.loader.atStart) this.loader.loadBefore();
    if (rows.lastRow() > this.loader.buffer.rows - kNearEdge && !this.loader.atEnd) this.loader.loadAfter();
  }
}

/** A view of one log, shown in `viewport` for as long as the component is there. */
export function useLogView(name: LogName, told: number, viewport: RefObject<HTMLElement>): LogView {
  const latest = useRef(told);
  latest.current = told;
  const view = useMemo(() => new LogView(name, () => latest.current), []);
  useEffect(() => (viewport.current ? view.mount(viewport.current) : undefined), []);
  return view;
}
