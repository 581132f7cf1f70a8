// SPDX-License-Identifier: Apache-2.0
// Abort and delete, each behind a confirmation; used by the list and by the page of a job.
import { useState } from 'preact/hooks';

import { abortJob, deleteJob } from '../../api/client';
import type { Job, JobSummary } from '../../api/types';
import { ConfirmDialog } from '../../parts/dialog';
import { Icon } from '../../parts/icons';
import { notify } from '../../state/notices';
import { mayChange } from '../../state/session';
import { text } from '../../text/en';

export function hasEnded(job: JobSummary): boolean {
  return job.state !== 'waiting' && job.state !== 'in_progress';
}

interface JobActionsProps {
  job: JobSummary | Job;
  /** Icons only, for a row of the list. */
  compact?: boolean;
  onChanged?: () => void;
  onDeleted?: () => void;
}

export function JobActions({ job, compact = false, onChanged, onDeleted }: JobActionsProps) {
  const [asking, setAsking] = useState<'abort' | 'delete' | undefined>(undefined);
  if (!mayChange(job)) return null;
  const close = (): void => setAsking(undefined);
  const look = compact ? 'button button-quiet button-icon' : 'button';
  return (
    <span class="row">
      {!hasEnded(job) && !('aborting' in job && job.aborting) && (
        <button type="button" class={look} aria-label={text.abort.actionOn(job.id)} title={text.abort.actionOn(job.id)} onClick={() => setAsking('abort')}>
          <Icon name="stop" />
          {!compact && text.abort.action}
        </button>
      )}
      <button type="button" class={look} aria-label={text.remove.actionOn(job.id)} title={text.remove.actionOn(job.id)} onClick={() => setAsking('delete')}>
        <Icon name="trash" />
        {!compact && text.remove.action}
      </button>
      {asking === 'abort' && (
        <ConfirmDialog
          title={text.abort.title(job.id)}
          body={text.abort.body}
          confirm={text.abort.confirm}
          onClose={close}
          action={async () => {
            await abortJob(job.id);
            notify('done', text.abort.done(job.id));
            onChanged?.();
          }}
        />
      )}
      {asking === 'delete' && (
        <ConfirmDialog
          title={text.remove.title(job.id)}
          body={hasEnded(job) ? text.remove.body : text.remove.bodyOpen}
          confirm={text.remove.confirm}
          onClose={close}
          action={async () => {
            await deleteJob(job.id);
            notify('done', text.remove.done(job.id));
            onDeleted?.();
          }}
        />
      )}
    </span>
  );
}
