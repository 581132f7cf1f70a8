// SPDX-License-Identifier: Apache-2.0
// A new job in three steps: branch, scenarios, review. The step and what was chosen stand in the address.
import { Icon } from '../../parts/icons';
import { Note } from '../../parts/problem_note';
import { useTitle } from '../../parts/use_title';
import { address } from '../../state/router';
import { maySubmit } from '../../state/session';
import { text } from '../../text/en';
import { choiceOf, stepAddress, steps, type Choice } from './addresses';
import { BranchStep } from './branch_step';
import { ReviewStep } from './review_step';
import { ScenarioStep } from './scenario_step';

const words = text.newJob;

function Steps({ choice }: { choice: Choice }) {
  const current = steps.indexOf(choice.step);
  return (
    <nav aria-label={words.steps}>
      <ol class="steps">
        {steps.map((step, at) => (
          <li key={step} class={at < current ? 'step-done' : at === current ? 'step-now' : 'step-next'}>
            <span class="step-number" aria-hidden="true">
              {at < current ? <Icon name="check" /> : at + 1}
            </span>
            {at < current ? (
              <a href={stepAddress({ ...choice, step })}>{words.step[step]}</a>
            ) : (
              <span aria-current={at === current ? 'step' : undefined}>{words.step[step]}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

export function NewJobPage() {
  useTitle(words.title);
  const choice = choiceOf(address.value.query);
  return (
    <div class="page page-steps">
      <h1>{words.title}</h1>
      {maySubmit.value ? (
        <>
          <Steps choice={choice} />
          {choice.step === 'branch' && <BranchStep choice={choice} />}
          {choice.step === 'scenarios' && <ScenarioStep choice={choice} />}
          {choice.step === 'review' && <ReviewStep choice={choice} />}
        </>
      ) : (
        <Note>{words.viewer}</Note>
      )}
    </div>
  );
}
