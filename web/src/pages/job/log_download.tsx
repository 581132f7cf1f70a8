// SPDX-License-Identifier: Apache-2.0
// The log as it is: opened as plain text, or saved whole whatever its size.
import { useSignal } from '@preact/signals';

import { logAddress, readLog } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { LogName } from '../../api/types';
import { fileName } from '../../format/file_name';
import type { LogLoader } from '../../log/log_loader';
import { Icon } from '../../parts/icons';
import { notify } from '../../state/notices';
import { text } from '../../text/en';

const words = text.log;
/** What one call hands out at most. */
const kLargestRange = 64 << 20;
const kPart = 16 << 20;

/** Hands a file to the browser to save. */
function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function LogDownload({ name, loader }: { name: LogName; loader: LogLoader }) {
  const percent = useSignal<number | undefined>(undefined);
  const isLarge = loader.size.value > kLargestRange;
  const address = logAddress(name, { offset: 0, limit: kLargestRange });

  /** In parts, since one call has a limit; the browser keeps a Blob of that size on disk, not in memory. */
  const downloadParts = async (): Promise<void> => {
    percent.value = 0;
    try {
      const parts: Blob[] = [];
      for (let offset = 0; ; ) {
        const part = await readLog(name, offset, kPart);
        if (part.bytes.length === 0) break;
        parts.push(new Blob([part.bytes as BlobPart]));
        offset += part.bytes.length;
        percent.value = Math.floor((100 * offset) / Math.max(part.size, 1));
      }
      save(new Blob(parts, { type: 'text/plain' }), fileName(name));
    } catch (error) {
      notify('problem', asProblem(error).message);
    }
    percent.value = undefined;
  };

  return (
    <>
      <a class="button button-quiet button-icon" href={address} target="_blank" rel="noopener" aria-label={words.rawHint} title={words.rawHint}>
        <Icon name="raw" />
      </a>
      {isLarge ? (
        <button type="button" class="button button-quiet" disabled={percent.value !== undefined} onClick={() => void downloadParts()}>
          <Icon name="download" />
          {percent.value === undefined ? words.download : words.downloading(percent.value)}
        </button>
      ) : (
        <a class="button button-quiet button-icon" href={address} download={fileName(name)} aria-label={words.download} title={words.download}>
          <Icon name="download" />
        </a>
      )}
    </>
  );
}
