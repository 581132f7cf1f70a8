// SPDX-License-Identifier: Apache-2.0
// What the theme setting means. The page carries the answer, light or dark, so that the style sheets name colours once.
export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const kThemeKey = 'testarena.theme';

export const prefersDark = window.matchMedia('(prefers-color-scheme: dark)');

/** Storage may be forbidden (private windows, policies): then a setting lasts as long as the page. */
export function readSetting(key: string): string | null {
  try {
    return window.localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function storedTheme(): Theme {
  return themes.find((known) => known === readSetting(kThemeKey)) ?? 'auto';
}

export function resolveTheme(theme: Theme): 'light' | 'dark' {
  return theme === 'auto' ? (prefersDark.matches ? 'dark' : 'light') : theme;
}
