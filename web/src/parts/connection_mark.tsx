// SPDX-License-Identifier: Apache-2.0
// Says honestly whether what is shown is what is so.
import { useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';

import { feedState, retryFeedNow } from '../api/event_feed';
import { now } from '../state/clock';
import { announce } from '../state/notices';
import { text } from '../text/en';
import { Icon } from './icons';

const words = text.connection;

export function ConnectionMark() {
  const wasLost = useRef(false);
  useSignalEffect(() => {
    const kind = feedState.value?.kind;
    if (kind === 'lost' && !wasLost.current) announce(words.announceLost);
    if (kind === 'live' && wasLost.current) announce(words.announceBack);
    if (kind === 'lost' || kind === 'live') wasLost.current = kind === 'lost';
  });

  const state = feedState.value;
  if (!state) return null;
  if (state.kind === 'live') {
    return (
      <span class="connection connection-live" title={words.liveDetail}>
        <span class="dot" aria-hidden="true" />
        {words.live}
      </span>
    );
  }
  if (state.kind === 'connecting') {
    return (
      <span class="connection" title={words.connectingDetail}>
        <span class="dot" aria-hidden="true" />
        {words.connecting}
      </span>
    );
  }
  if (state.kind === 'resting') {
    return (
      <span class="connection" title={words.restingDetail}>
        <Icon name="pause" />
        {words.resting}
      </span>
    );
  }
  const seconds = Math.max(0, Math.ceil((state.retryAt - now.value) / 1_000));
  return (
    <span class="connection connection-lost" title={words.lostDetail}>
      <Icon name="offline" />
      <span>{words.lost(seconds)}</span>
      <button type="button" class="button button-small" onClick={retryFeedNow}>
        {words.retryNow}
      </button>
    </span>
  );
}
