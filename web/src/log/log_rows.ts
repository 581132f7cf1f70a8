// SPDX-License-Identifier: Apache-2.0
// Puts the rows that are seen into the page, and no others. Plain DOM: this runs on every scroll.
import * as layout from './row_layout';

export interface RowSource {
  rows(): number;
  /** Fills an empty element with a row. */
  render(row: number, element: HTMLElement): void;
}

export class LogRows {
  /** Called after the reader moved: whether the last row is in view, and whether the movement was upwards. */
  onMove: (atEnd: boolean, upwards: boolean) => void = () => {};
  /** Called after the viewport has got another size; the first row in view is the same. */
  onResize: () => void = () => {};

  private readonly viewport: HTMLElement;
  private readonly content = document.createElement('div');
  private readonly source: RowSource;
  private readonly shown = new Map<number, HTMLElement>();
  private readonly resized: ResizeObserver;
  private readonly rowHeight: number;
  private topRow = 0;
  private knownRows = 0;
  private ownScrollTop = -1;
  private frame = 0;

  /** `viewport` is the element that scrolls; its CSS variable --row-height is the height of a row in pixels. */
  constructor(viewport: HTMLElement, source: RowSource) {
    this.viewport = viewport;
    this.source = source;
    this.rowHeight = parseFloat(getComputedStyle(viewport).getPropertyValue('--row-height')) || 20;
    this.content.className = 'log-content';
    viewport.replaceChildren(this.content);
    viewport.addEventListener('scroll', this.onScroll, { passive: true });
    viewport.addEventListener('wheel', this.onWheel, { passive: false });
    this.resized = new ResizeObserver(() => {
      this.moveTo(this.topRow);
      this.onResize();
    });
    this.resized.observe(viewport);
  }

  close(): void {
    cancelAnimationFrame(this.frame);
    this.resized.disconnect();
    this.viewport.removeEventListener('scroll', this.onScroll);
    this.viewport.removeEventListener('wheel', this.onWheel);
  }

  isAtEnd(): boolean {
    // A row's height of tolerance: zoomed pages scroll by fractions.
    return this.topRow >= layout.lastTopRow(this.layout()) - 1;
  }

  firstRow(): number {
    return Math.floor(this.topRow);
  }

  lastRow(): number {
    return Math.ceil(this.topRow + this.viewport.clientHeight / this.rowHeight);
  }

  /**
   * The rows changed. `shift` of them came before those that were there, which stay where they are on the screen. Elements
   * of rows that did not change stay too, or selected text would be lost with each line that comes in.
   */
  update(shift = 0): void {
    const stable = shift === 0 ? Math.min(this.knownRows, this.source.rows()) - 1 : 0;
    this.forgetFrom(stable);
    this.knownRows = this.source.rows();
    this.moveTo(Math.max(0, this.topRow + shift));
  }

  /** Draws what is shown again, since how it looks has changed. */
  redraw(): void {
    this.forgetFrom(0);
    this.draw();
  }

  toStart(): void {
    this.moveTo(0);
  }

  toEnd(): void {
    this.moveTo(layout.lastTopRow(this.layout()));
  }

  toRow(row: number): void {
    this.moveTo(layout.topRowToShow(row, this.topRow, this.layout()));
  }

  by(rows: number): void {
    const before = this.topRow;
    this.moveTo(this.topRow + rows);
    this.onMove(this.isAtEnd(), this.topRow < before);
  }

  pageRows(): number {
    return Math.max(1, Math.floor(this.viewport.clientHeight / this.rowHeight) - 1);
  }

  private layout(): layout.Layout {
    return { rows: this.source.rows(), rowHeight: this.rowHeight, viewportHeight: this.viewport.clientHeight };
  }

  private moveTo(topRow: number): void {
    const now = this.layout();
    this.topRow = Math.min(layout.lastTopRow(now), Math.max(0, topRow));
    this.content.style.height = `${layout.contentHeight(now)}px`;
    const scrollTop = layout.scrollTopFor(this.topRow, now);
    if (Math.abs(this.viewport.scrollTop - scrollTop) >= 0.5) {
      this.viewport.scrollTop = scrollTop;
    }
    // What the browser made of it, in whole device pixels: the scroll event that follows is our own.
    this.ownScrollTop = this.viewport.scrollTop;
    this.draw();
  }

  private readonly onScroll = (): void => {
    if (this.viewport.scrollTop === this.ownScrollTop) return;
    this.ownScrollTop = -1;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      const before = this.topRow;
      this.topRow = layout.topRowAt(this.viewport.scrollTop, this.layout());
      this.draw();
      this.onMove(this.isAtEnd(), this.topRow < before);
    });
  };

  /** A scaled scroll bar would leap over rows with each notch of the wheel; then the wheel moves rows instead. */
  private readonly onWheel = (event: WheelEvent): void => {
    if (event.ctrlKey || event.deltaY === 0 || !layout.isScaled(this.layout())) return;
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? this.rowHeight : 1;
    this.by((event.deltaY * unit) / this.rowHeight);
  };

  private forgetFrom(firstChanged: number): void {
    for (const [row, element] of this.shown) {
      if (row < firstChanged) continue;
      element.remove();
      this.shown.delete(row);
    }
  }

  private draw(): void {
    const now = this.layout();
    const { first, end } = layout.rowsAt(this.topRow, now);
    for (const [row, element] of this.shown) {
      if (row >= first && row < end) continue;
      element.remove();
      this.shown.delete(row);
    }
    const scrollTop = layout.scrollTopFor(this.topRow, now);
    for (let row = first; row < end; ++row) {
      let element = this.shown.get(row);
      if (!element) {
        element = document.createElement('div');
        element.className = 'log-row';
        this.source.render(row, element);
        this.shown.set(row, element);
        this.content.append(element);
      }
      const position = layout.rowPosition(row, this.topRow, scrollTop, this.rowHeight);
      element.style.transform = `translateY(${position}px)`;
    }
  }
}
