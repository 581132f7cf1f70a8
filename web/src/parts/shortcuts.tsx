// SPDX-License-Identifier: Apache-2.0
// Keys that work on every page, and the help that names them.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { shortcutsEnabled } from '../state/preferences';
import { navigate } from '../state/router';
import { maySubmit, session } from '../state/session';
import { text } from '../text/en';
import { Dialog } from './dialog';

const words = text.shortcuts;

export const helpIsOpen = signal(false);

const anywhere: { keys: string[]; what: string }[] = [
  { keys: ['?'], what: words.help },
  { keys: ['/'], what: words.search },
  { keys: ['n'], what: words.newJob },
  { keys: ['g', 'j'], what: words.goJobs },
  { keys: ['g', 'e'], what: words.goEnvironments },
  { keys: ['g', 'p'], what: words.goPlugins },
];
const inLog: { keys: string[]; what: string }[] = [
  { keys: ['Ctrl F'], what: words.find },
  { keys: ['Home'], what: words.start },
  { keys: ['End'], what: words.end },
  { keys: ['f'], what: words.follow },
];

/** True where letters are meant to be written. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** A single key that is a shortcut here: no modifier, nobody typing, no dialog open, not turned off. */
export function isShortcut(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  return shortcutsEnabled.value && !isTyping(event) && !document.querySelector('dialog[open]');
}

function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('[data-page-search]');
  field?.focus();
  field?.select();
  return field !== null;
}

const kChordTime = 1_500;
const goals: Record<string, string> = { j: '/jobs', e: '/environments', p: '/plugins' };

/** Listens for the shortcuts of every page. */
export function useShortcuts(): void {
  useEffect(() => {
    let goPressedAt = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (!session.value || !isShortcut(event)) return;
      const goal = goals[event.key];
      if (goal && Date.now() - goPressedAt < kChordTime) navigate(goal);
      else if (event.key === '?') helpIsOpen.value = true;
      else if (event.key === '/' && focusSearch()) event.preventDefault();
      else if (event.key === 'n' && maySubmit.value) navigate('/jobs/new');
      else if (event.key === 'g') {
        goPressedAt = Date.now();
        return;
      } else return;
      goPressedAt = 0;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function Keys({ keys }: { keys: string[] }) {
  return (
    <>
      {keys.map((key, at) => (
        <span key={key}>
          {at > 0 && <span class="quiet"> {words.then} </span>}
          <kbd>{key}</kbd>
        </span>
      ))}
    </>
  );
}

function Group({ title, list }: { title: string; list: typeof anywhere }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl class="keys">
        {list.map(({ keys, what }) => (
          <div key={what}>
            <dt>
              <Keys keys={keys} />
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function ShortcutsHelp() {
  if (!helpIsOpen.value) return null;
  return (
    <Dialog title={words.title} onClose={() => (helpIsOpen.value = false)}>
      <Group title={words.groups.anywhere} list={anywhere} />
      <Group title={words.groups.log} list={inLog} />
      <label class="check">
        <input
          type="checkbox"
          checked={shortcutsEnabled.value}
          onChange={(event) => (shortcutsEnabled.value = event.currentTarget.checked)}
        />
        <span>
          {words.enabled}
          <span class="hint">{words.enabledHint}</span>
        </span>
      </label>
    </Dialog>
  );
}
