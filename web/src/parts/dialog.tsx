// SPDX-License-Identifier: Apache-2.0
// Dialogs on the browser's own <dialog>: it keeps the focus inside, gives it back, and closes on Escape.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

import { asProblem, type Problem } from '../api/problem';
import { text } from '../text/en';
import { Icon } from './icons';
import { ProblemNote } from './problem_note';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      <div class="dialog-inner">
        <header class="dialog-head">
          <h2 id={titleId}>{title}</h2>
          <button type="button" class="button button-quiet button-icon" aria-label={text.dialog.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  body: string;
  confirm: string;
  /** Does it; what it throws is shown in the dialog, which then stays. */
  action: () => Promise<void>;
  onClose: () => void;
}

export function ConfirmDialog({ title, body, confirm, action, onClose }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>(undefined);
  const run = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await action();
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{body}</p>
      {problem && <ProblemNote problem={problem} />}
      <footer class="dialog-foot">
        <button type="button" class="button" autofocus onClick={onClose}>
          {text.dialog.cancel}
        </button>
        <button type="button" class="button button-danger" disabled={busy} onClick={() => void run()}>
          {busy ? text.dialog.busy : confirm}
        </button>
      </footer>
    </Dialog>
  );
}
