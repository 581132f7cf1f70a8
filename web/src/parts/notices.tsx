// SPDX-License-Identifier: Apache-2.0
// The corner where notices stand, and the region that is only read out.
import { announcement, dismiss, notices } from '../state/notices';
import { text } from '../text/en';
import { Icon } from './icons';

export function Notices() {
  return (
    <>
      <div class="notices" role="status" aria-label={text.notices}>
        {notices.value.map((notice) => (
          <div key={notice.id} class={`notice notice-${notice.kind}`}>
            <Icon name={notice.kind === 'done' ? 'check' : 'errored'} />
            <span>{notice.text}</span>
            <button type="button" class="button button-quiet button-icon" aria-label={text.dialog.dismiss} onClick={() => dismiss(notice.id)}>
              <Icon name="close" />
            </button>
          </div>
        ))}
      </div>
      <div class="visually-hidden" aria-live="polite">
        {announcement.value}
      </div>
    </>
  );
}
