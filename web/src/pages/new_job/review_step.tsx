// SPDX-License-Identifier: Apache-2.0
// Step 3: what will run, and the button that makes the job.
import { useRef, useState } from 'preact/hooks';

import { submitJob } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import { shortCommit } from '../../format/size';
import { Icon } from '../../parts/icons';
import { Note, ProblemNote } from '../../parts/problem_note';
import { useGrowing } from '../../parts/use_growing';
import { draftOf, dropDraft } from '../../state/draft';
import { notify } from '../../state/notices';
import { navigate } from '../../state/router';
import { text } from '../../text/en';
import { stepAddress, type Choice } from './addresses';

const words = text.newJob;
const kStep = 100;

function Back({ choice }: { choice: Choice }) {
  return (
    <a class="button" href={stepAddress({ ...choice, step: 'scenarios' })}>
      <Icon name="left" />
      {words.back}
    </a>
  );
}

function ChosenScenarios({ scenarios }: { scenarios: string[] }) {
  const { shown, more } = useGrowing('', kStep);
  return (
    <section class="card">
      <h2>{words.chosen(scenarios.length)}</h2>
      <ol class="chosen">
        {scenarios.slice(0, shown).map((name) => (
          <li key={name} class="break">
            {name}
          </li>
        ))}
      </ol>
      {scenarios.length > shown && (
        <button type="button" class="button" onClick={more}>
          {text.runs.showMore(Math.min(kStep, scenarios.length - shown))}
        </button>
      )}
    </section>
  );
}

export function ReviewStep({ choice }: { choice: Choice }) {
  const draft = draftOf(choice.environment, choice.branch);
  const [problem, setProblem] = useState<Problem | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  // A second click can come before the button is drawn as disabled; the key makes even that one job, this saves the call.
  const isUnderWay = useRef(false);

  if (!draft || draft.submission.commit !== choice.commit || draft.submission.scenarios.length === 0) {
    return (
      <div class="stack">
        <Note kind="warning">{words.lostChoice}</Note>
        <footer class="step-foot">
          <Back choice={choice} />
        </footer>
      </div>
    );
  }
  const { submission, key } = draft;

  const submit = async (): Promise<void> => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    setBusy(true);
    setProblem(undefined);
    try {
      const job = await submitJob(submission, key);
      dropDraft();
      notify('done', words.submitted(job.id));
      navigate(`/jobs/${job.id}`);
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
    isUnderWay.current = false;
  };

  return (
    <div class="stack">
      <p class="lead">{words.reviewLead}</p>
      <dl class="job-facts card">
        <div>
          <dt>{words.environment}</dt>
          <dd>{submission.environment}</dd>
        </div>
        <div>
          <dt>{words.branch}</dt>
          <dd class="break">{submission.branch}</dd>
        </div>
        <div>
          <dt>{text.job.commit}</dt>
          <dd class="mono" title={submission.commit}>
            {shortCommit(submission.commit)}
          </dd>
        </div>
      </dl>
      <ChosenScenarios scenarios={submission.scenarios} />
      {problem && <ProblemNote problem={problem} />}
      <footer class="step-foot">
        <Back choice={choice} />
        <button type="button" class="button button-primary" disabled={busy} onClick={() => void submit()}>
          {busy ? words.submitting : words.submit}
        </button>
      </footer>
    </div>
  );
}
