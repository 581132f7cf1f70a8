// SPDX-License-Identifier: Apache-2.0
// One live stream of events with its reconnects, and the honest state of it.
import { signal, type Signal } from '@preact/signals';

import { credentials } from './http';
import { retryDelay } from './retry_delay';
import { SseReader, type StreamEvent } from './sse_reader';

/**
 * connecting  the first connection is under way.
 * live        what the page shows is what the server has.
 * lost        the connection broke; the next attempt is at `retryAt`. What the page shows may be old.
 * resting     the tab is hidden and another tab of this browser needs the connection.
 */
export type FeedState =
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'lost'; retryAt: number }
  | { kind: 'resting' };

/** The state of the stream of the page that is shown; undefined on pages without one. */
export const feedState: Signal<FeedState | undefined> = signal(undefined);

// The server sends at least a comment every 15 s: nothing for three times as long means a dead connection that the
// network has not told us about (a laptop that slept, a proxy that forgot).
const kSilence = 45_000;

// A browser opens six connections to a server at most (HTTP/1.1) and each stream holds one. A hidden tab keeps its stream
// until another tab of this browser comes to the front, then gives it up; it takes a new snapshot when it is shown again.
const tabs = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('testarena-front-tab');

export class EventFeed {
  private readonly address: string;
  private readonly onEvent: (event: StreamEvent) => void;
  private connection: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private lastId = '';
  private closed = false;

  /**
   * Opens the stream. `onEvent` is called for each event, in order, also with a new `snapshot` after a reconnect. What was
   * deleted while the connection was down is told as `deleted`, too.
   */
  constructor(address: string, onEvent: (event: StreamEvent) => void) {
    this.address = address;
    this.onEvent = onEvent;
    document.addEventListener('visibilitychange', this.onVisibility);
    window.addEventListener('online', this.retryNow);
    tabs?.addEventListener('message', this.onOtherTab);
    if (document.hidden) this.show({ kind: 'resting' });
    else this.open({ kind: 'connecting' });
  }

  /** Ends the stream for good. */
  close(): void {
    this.closed = true;
    this.stop();
    document.removeEventListener('visibilitychange', this.onVisibility);
    window.removeEventListener('online', this.retryNow);
    tabs?.removeEventListener('message', this.onOtherTab);
    if (current === this) {
      current = undefined;
      feedState.value = undefined;
    }
  }

  /** Tries again at once instead of at `retryAt`. */
  readonly retryNow = (): void => {
    if (this.closed || this.connection) return;
    this.open({ kind: 'connecting' });
  };

  private open(state: FeedState): void {
    this.stop();
    this.show(state);
    tabs?.postMessage('front');
    const connection = new AbortController();
    this.connection = connection;
    void this.read(connection);
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.connection?.abort();
    this.connection = undefined;
  }

  private async read(connection: AbortController): Promise<void> {
    let silence: ReturnType<typeof setTimeout> | undefined;
    const expectLife = (): void => {
      clearTimeout(silence);
      silence = setTimeout(() => connection.abort(), kSilence);
    };
    try {
      expectLife();
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (this.lastId) headers['Last-Event-ID'] = this.lastId;
      const response = await fetch(this.address, { headers, signal: connection.signal, cache: 'no-store' });
      if (response.status === 401) {
        this.close();
        credentials.onExpired();
        return;
      }
      if (response.status === 404) {
        this.close();
        this.onEvent({ name: 'deleted', data: '{}', id: '' });
        return;
      }
      if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
      await this.follow(response.body, connection, expectLife);
    } catch {
      // Every way a connection ends is answered alike, below.
    } finally {
      clearTimeout(silence);
    }
    if (this.connection === connection && !this.closed) this.scheduleRetry();
  }

  private async follow(body: ReadableStream<Uint8Array>, connection: AbortController, expectLife: () => void): Promise<void> {
    const events = new SseReader();
    events.lastId = this.lastId;
    const decoder = new TextDecoder();
    const stream = body.getReader();
    for (;;) {
      const { done, value } = await stream.read();
      if (done || this.connection !== connection) return;
      expectLife();
      this.failures = 0;
      this.show({ kind: 'live' });
      for (const event of events.push(decoder.decode(value, { stream: true }))) {
        this.lastId = event.id;
        this.onEvent(event);
      }
    }
  }

  private scheduleRetry(): void {
    this.connection = undefined;
    const delay = retryDelay(++this.failures, Math.random());
    this.show({ kind: 'lost', retryAt: Date.now() + delay });
    this.timer = setTimeout(this.retryNow, delay);
  }

  private show(state: FeedState): void {
    current = this;
    if (feedState.peek()?.kind !== state.kind || state.kind === 'lost') feedState.value = state;
  }

  private readonly onVisibility = (): void => {
    if (document.hidden || this.closed) return;
    if (this.connection) tabs?.postMessage('front');
    else this.open({ kind: 'connecting' });
  };

  private readonly onOtherTab = (): void => {
    if (!document.hidden || this.closed) return;
    this.stop();
    this.show({ kind: 'resting' });
  };
}

let current: EventFeed | undefined;

/** "Try again now", for the mark that shows the state. */
export function retryFeedNow(): void {
  current?.retryNow();
}
