// SPDX-License-Identifier: Apache-2.0
// The live stream of a page, for as long as the page is shown.
import { useEffect, useRef } from 'preact/hooks';

import { EventFeed } from '../api/event_feed';
import type { StreamEvent } from '../api/sse_reader';

/** Opens the stream at `address` (none while it is undefined); the newest `onEvent` gets its events. */
export function useFeed(address: string | undefined, onEvent: (name: string, data: unknown) => void): void {
  const latest = useRef(onEvent);
  latest.current = onEvent;
  useEffect(() => {
    if (!address) return;
    const feed = new EventFeed(address, (event: StreamEvent) => {
      latest.current(event.name, JSON.parse(event.data));
    });
    return () => feed.close();
  }, [address]);
}
