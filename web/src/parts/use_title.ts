// SPDX-License-Identifier: Apache-2.0
import { useEffect } from 'preact/hooks';

import { text } from '../text/en';

/** Sets the title of the window to that of the page. */
export function useTitle(page: string): void {
  useEffect(() => {
    document.title = text.titleOf(page);
  }, [page]);
}
