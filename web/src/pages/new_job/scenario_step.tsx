// SPDX-License-Identifier: Apache-2.0
// Step 2: which of the scenarios on the commit are to run.
import { useEffect, useState } from 'preact/hooks';

import { readScenarios } from '../../api/client';
import type { Scan } from '../../api/types';
import { shortCommit } from '../../format/size';
import { Icon } from '../../parts/icons';
import { EmptyState, Loading, Note, ProblemNote } from '../../parts/problem_note';
import { useLoad } from '../../parts/use_load';
import { draftOf, keepDraft } from '../../state/draft';
import { navigate } from '../../state/router';
import { text } from '../../text/en';
import { stepAddress, type Choice } from './addresses';
import { Diagnostics, ScenarioList, TagFilter } from './scenario_list';
import { fits, inOrder, tagsOf, withChosen } from './selection';

const words = text.newJob;

function Back({ choice }: { choice: Choice }) {
  return (
    <a class="button" href={stepAddress({ ...choice, step: 'branch' })}>
      <Icon name="left" />
      {words.back}
    </a>
  );
}

/** What was chosen before on this commit, as far as it still exists. */
function rememberedChoice(choice: Choice, scan: Scan): Set<string> {
  const draft = draftOf(choice.environment, choice.branch)?.submission;
  const remembered = new Set(draft?.commit === scan.commit ? draft.scenarios : []);
  return new Set(inOrder(scan.scenarios, remembered));
}

function Chooser({ choice, scan }: { choice: Choice; scan: Scan }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => rememberedChoice(choice, scan));
  const [filterText, setFilterText] = useState('');
  const [tags, setTags] = useState<string[]>([]);
  const shown = scan.scenarios.filter((scenario) => fits(scenario, { text: filterText, tags }));
  const shownNames = shown.map(({ name }) => name);
  const allShownChosen = shownNames.length > 0 && shownNames.every((name) => chosen.has(name));
  const isFiltered = shown.length < scan.scenarios.length;

  // Kept with every change, so that a reload or a look at the branch loses nothing.
  useEffect(() => {
    const { environment, branch } = choice;
    keepDraft({ environment, branch, commit: scan.commit, scenarios: inOrder(scan.scenarios, chosen) });
  }, [chosen]);

  const goOn = (): void => navigate(stepAddress({ ...choice, commit: scan.commit, step: 'review' }));
  return (
    <>
      {choice.commit && choice.commit !== scan.commit && <Note kind="warning">{words.moved(choice.branch, shortCommit(scan.commit))}</Note>}
      <Diagnostics diagnostics={scan.diagnostics} />
      <div class="filters">
        <label class="search">
          <span class="visually-hidden">{words.filter}</span>
          <Icon name="search" />
          <input type="search" data-page-search value={filterText} placeholder={words.filter} onInput={(event) => setFilterText(event.currentTarget.value)} />
        </label>
        <button type="button" class="button" disabled={shown.length === 0} onClick={() => setChosen(withChosen(chosen, shownNames, !allShownChosen))}>
          {allShownChosen ? words.clearShown(shown.length) : isFiltered ? words.selectShown(shown.length) : words.selectAll(shown.length)}
        </button>
      </div>
      <TagFilter
        tags={tagsOf(scan.scenarios)}
        active={tags}
        onToggle={(tag) => setTags(tags.includes(tag) ? tags.filter((other) => other !== tag) : [...tags, tag])}
      />
      {shown.length === 0 ? (
        <EmptyState title={words.noneShown} />
      ) : (
        <ScenarioList
          scenarios={shown}
          chosen={chosen}
          filterKey={`${filterText}\n${tags.join('\n')}`}
          onChoose={(name, isChosen) => setChosen(withChosen(chosen, [name], isChosen))}
        />
      )}
      <footer class="step-foot">
        <Back choice={choice} />
        <span class="step-status" role="status">
          {chosen.size === 0 ? words.chooseSome : words.selected(chosen.size, scan.scenarios.length)}
        </span>
        <button type="button" class="button button-primary" disabled={chosen.size === 0} onClick={goOn}>
          {words.toReview}
          <Icon name="right" />
        </button>
      </footer>
    </>
  );
}

export function ScenarioStep({ choice }: { choice: Choice }) {
  const { environment, branch } = choice;
  const { data: scan, problem, reload } = useLoad((signal) => readScenarios(environment, branch, signal), `${environment}\n${branch}`);
  if (problem) {
    return (
      <div class="stack">
        <ProblemNote problem={problem} retry={reload} />
        <footer class="step-foot">
          <Back choice={choice} />
        </footer>
      </div>
    );
  }
  if (!scan) return <Loading what={words.scanning} />;
  if (scan.scenarios.length === 0) {
    return (
      <div class="stack">
        <Diagnostics diagnostics={scan.diagnostics} />
        <EmptyState title={words.noScenariosTitle} hint={words.noScenariosHint} />
        <footer class="step-foot">
          <Back choice={choice} />
        </footer>
      </div>
    );
  }
  return <Chooser key={scan.commit} choice={choice} scan={scan} />;
}
