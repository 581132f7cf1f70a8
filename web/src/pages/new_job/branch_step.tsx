// SPDX-License-Identifier: Apache-2.0
// Step 1: where to run, and what. The branch is looked up while it is typed; only a commit that was seen goes on.
import { useEffect, useId, useMemo, useState } from 'preact/hooks';

import { readBranch, readBranches, readEnvironments } from '../../api/client';
import type { Problem } from '../../api/problem';
import type { Branch, Environment } from '../../api/types';
import { shortCommit } from '../../format/size';
import { Combobox } from '../../parts/combobox';
import { HealthBadge } from '../../parts/health_badge';
import { Icon } from '../../parts/icons';
import { EmptyState, Loading, ProblemNote } from '../../parts/problem_note';
import { TimeAgo } from '../../parts/times';
import { useLoad } from '../../parts/use_load';
import { navigate } from '../../state/router';
import { text } from '../../text/en';
import { stepAddress, type Choice } from './addresses';

const words = text.newJob;
const kPause = 250;

/** `value` once it has not changed for a while. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), kPause);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** How well an environment can serve at all: the worse of its two halves. */
function worstState({ executor, discoverer }: Environment): string {
  const order = ['down', 'failed', 'degraded', 'unknown', 'ok'];
  const rank = (state: string): number => (order.includes(state) ? order.indexOf(state) : 3);
  return rank(executor.state) < rank(discoverer.state) ? executor.state : discoverer.state;
}

function EnvironmentChoice({ environments, chosen, onChoose }: { environments: Environment[]; chosen: string; onChoose: (name: string) => void }) {
  return (
    <fieldset class="choices">
      <legend class="field-label">{words.environment}</legend>
      {environments.map((environment) => (
        <label key={environment.name} class="choice">
          <input type="radio" name="environment" checked={environment.name === chosen} onChange={() => onChoose(environment.name)} />
          <span class="choice-name">{environment.name}</span>
          <HealthBadge state={worstState(environment)} />
        </label>
      ))}
    </fieldset>
  );
}

function FoundBranch({ branch }: { branch: Branch }) {
  return (
    <div class="found">
      <Icon name="passed" />
      <div class="note-body">
        <p class="found-subject">{branch.subject}</p>
        <p class="quiet found-facts">
          <span class="mono" title={branch.commit}>
            {shortCommit(branch.commit)}
          </span>
          <span>
            {words.by} {branch.author}
          </span>
          <TimeAgo time={branch.committed_at} />
        </p>
      </div>
    </div>
  );
}

/** The server's refusal where it is about the name itself; every other trouble as it is. */
function BranchProblem({ problem, branch, environment, retry }: { problem: Problem; branch: string; environment: string; retry: () => void }) {
  if (problem.status !== 404 && problem.status !== 400) return <ProblemNote problem={problem} retry={retry} />;
  return (
    <div class="note note-problem">
      <Icon name="failed" />
      <div class="note-body">
        <strong>{problem.status === 404 ? words.notFound(branch, environment) : words.notAName}</strong>
        {problem.status === 400 && problem.detail && <p>{problem.detail}</p>}
      </div>
    </div>
  );
}

export function BranchStep({ choice }: { choice: Choice }) {
  const list = useLoad((signal) => readEnvironments(signal), '');
  const environments = list.data?.environments ?? [];
  const environment = choice.environment || environments[0]?.name || '';
  const [typed, setTyped] = useState(choice.branch);
  const branch = typed.trim();
  const settled = useSettled(branch);
  const fieldId = useId();
  const resultId = useId();

  const key = environment && settled ? `${environment}\n${settled}` : '';
  const suggestions = useLoad(
    (signal) => (environment ? readBranches(environment, settled, signal) : Promise.resolve({ branches: [] })),
    `${environment}\n${settled}`,
    false,
  );
  const found = useLoad((signal) => (key ? readBranch(environment, settled, signal) : Promise.resolve(undefined)), key);
  const isSettled = settled === branch && !found.loading;
  const resolved = isSettled && branch ? found.data : undefined;
  // The answer to what was typed before may still be there: what does not begin so must not be offered, or an arrow key and
  // Enter would take a branch that nobody typed.
  const offered = useMemo(() => (suggestions.data?.branches ?? []).filter((name) => name.startsWith(branch)), [suggestions.data, branch]);
  const longer = offered.length;
  // Half a name is no mistake yet.
  const isHalf = isSettled && branch !== '' && found.problem?.status === 404 && longer > 0;
  const isWrong = isSettled && branch !== '' && found.problem !== undefined && !isHalf;

  const choose = (change: Partial<Choice>): void =>
    navigate(stepAddress({ ...choice, environment, branch, step: 'branch', ...change }), 'replace');
  useEffect(() => {
    if (settled !== choice.branch) choose({ branch: settled });
  }, [settled]);

  const goOn = (): void => {
    if (resolved) navigate(stepAddress({ step: 'scenarios', environment, branch, commit: resolved.commit }));
  };

  if (list.problem && !list.data) return <ProblemNote problem={list.problem} retry={list.reload} />;
  if (!list.data) return <Loading what={text.environments.loading} />;
  if (environments.length === 0) return <EmptyState title={text.environments.none} hint={words.noEnvironments} />;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        goOn();
      }}
    >
      <EnvironmentChoice environments={environments} chosen={environment} onChoose={(name) => choose({ environment: name })} />
      <div class="field">
        <label class="field-label" for={fieldId}>
          {words.branch}
        </label>
        <Combobox
          value={typed}
          suggestions={offered}
          id={fieldId}
          describedBy={resultId}
          listLabel={words.suggestions}
          invalid={isWrong}
          onInput={setTyped}
          onCommit={(value) => {
            if (resolved && value.trim() === resolved.name) goOn();
          }}
        />
        <div id={resultId} class="field-result" aria-live="polite">
          {branch === '' && <p class="hint">{words.branchHint}</p>}
          {branch !== '' && !isSettled && <Loading what={words.checking} />}
          {isHalf && <p class="hint">{words.halfTyped(branch, longer)}</p>}
          {resolved && <FoundBranch branch={resolved} />}
          {isWrong && found.problem && <BranchProblem problem={found.problem} branch={branch} environment={environment} retry={found.reload} />}
        </div>
      </div>
      <footer class="step-foot">
        <button type="submit" class="button button-primary" disabled={!resolved}>
          {words.toScenarios}
          <Icon name="right" />
        </button>
      </footer>
    </form>
  );
}
