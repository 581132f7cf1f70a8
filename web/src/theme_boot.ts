// SPDX-License-Identifier: Apache-2.0
// Sets the theme before the first paint, as state/preferences.ts does afterwards, which explains it.
import { resolveTheme, storedTheme } from './state/theme';

document.documentElement.dataset['theme'] = resolveTheme(storedTheme());
