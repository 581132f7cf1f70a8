// SPDX-License-Identifier: Apache-2.0
// How a plugin, or what stands behind it, is: icon and word.
import { text } from '../text/en';
import { Icon, type IconName } from './icons';

const looks: Record<string, { icon: IconName; tone: string; word?: string }> = {
  ok: { icon: 'passed', tone: 'passed', word: text.health.ok },
  loaded: { icon: 'passed', tone: 'passed' },
  degraded: { icon: 'errored', tone: 'errored', word: text.health.degraded },
  down: { icon: 'failed', tone: 'failed', word: text.health.down },
  unreachable: { icon: 'offline', tone: 'failed', word: text.health.unreachable },
  failed: { icon: 'failed', tone: 'failed' },
  refused: { icon: 'failed', tone: 'failed' },
  unknown: { icon: 'info', tone: 'unknown', word: text.health.unknown },
};

export function HealthBadge({ state, large = false }: { state: string; large?: boolean }) {
  const look = looks[state] ?? { icon: 'info' as const, tone: 'unknown' };
  const word = look.word ?? state.charAt(0).toUpperCase() + state.slice(1).replace(/_/g, ' ');
  return (
    <span class={`state state-${look.tone}${large ? ' state-large' : ''}`}>
      <Icon name={look.icon} />
      <span>{word}</span>
    </span>
  );
}
