// SPDX-License-Identifier: Apache-2.0
// What a person set for this browser: the theme, and whether single keys are shortcuts.
import { effect, signal } from '@preact/signals';

import { kThemeKey, prefersDark, readSetting, resolveTheme, storedTheme, type Theme } from './theme';

const kShortcutsKey = 'testarena.shortcuts';

function writeSetting(key: string, value: string): void {
  try {
    window.localStorage.setItem(key, value);
  } catch {
    // See readSetting().
  }
}

export const theme = signal<Theme>(storedTheme());
/** WCAG 2.1.4: shortcuts of a single letter must be possible to turn off, since speech input types letters. */
export const shortcutsEnabled = signal(readSetting(kShortcutsKey) !== 'off');

/** Makes the settings take effect, and follow the system where they say so. */
export function applyPreferences(): void {
  const show = (): void => {
    document.documentElement.dataset['theme'] = resolveTheme(theme.value);
  };
  prefersDark.addEventListener('change', show);
  effect(show);
  effect(() => writeSetting(kThemeKey, theme.value));
  effect(() => writeSetting(kShortcutsKey, shortcutsEnabled.value ? 'on' : 'off'));
}
