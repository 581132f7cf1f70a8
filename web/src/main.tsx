// SPDX-License-Identifier: Apache-2.0
// Starts the dashboard.
import { render } from 'preact';

import { App } from './app';
import { applyPreferences } from './state/preferences';
import { followLinks } from './state/router';

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no element "app"');

applyPreferences();
followLinks(root);
render(<App />, root);
