// SPDX-License-Identifier: Apache-2.0
import { notify } from '../state/notices';
import { text } from '../text/en';
import { Icon } from './icons';

/** Copies `value`; where the browser forbids it (a page that did not come over a secure connection), says so. */
export function CopyButton({ value, label }: { value: string; label: string }) {
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value);
      notify('done', text.job.copied);
    } catch {
      notify('problem', text.job.copyFailed);
    }
  };
  return (
    <button type="button" class="button button-quiet button-icon button-small" aria-label={label} title={label} onClick={() => void copy()}>
      <Icon name="copy" />
    </button>
  );
}
