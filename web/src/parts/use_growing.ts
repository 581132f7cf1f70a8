// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';

/** How many of a long list to show: `step` at first and after each change of `key`, `step` more with each `more()`. */
export function useGrowing(key: string, step: number): { shown: number; more: () => void } {
  const [shown, setShown] = useState(step);
  useEffect(() => setShown(step), [key]);
  return { shown, more: () => setShown((before) => before + step) };
}
