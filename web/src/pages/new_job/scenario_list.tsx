// SPDX-License-Identifier: Apache-2.0
// The scenarios of a commit, to choose from.
import type { Diagnostic, Scenario } from '../../api/types';
import { count } from '../../format/size';
import { useGrowing } from '../../parts/use_growing';
import { Icon } from '../../parts/icons';
import { text } from '../../text/en';

const words = text.newJob;
const kStep = 300;

export function Diagnostics({ diagnostics }: { diagnostics: Diagnostic[] }) {
  if (diagnostics.length === 0) return null;
  return (
    <details class="note note-warning" open={diagnostics.length <= 5}>
      <summary>
        <Icon name="errored" />
        {words.diagnostics(diagnostics.length)}
      </summary>
      <p>{words.diagnosticsHint}</p>
      <ul class="diagnostics">
        {diagnostics.map(({ path, line, column, message }, at) => (
          <li key={at}>
            <span class="mono">{[path, line > 0 ? line : '', line > 0 && column ? column : ''].filter(Boolean).join(':')}</span> {message}
          </li>
        ))}
      </ul>
    </details>
  );
}

function ScenarioRow({ scenario, isChosen, onChoose }: { scenario: Scenario; isChosen: boolean; onChoose: (isChosen: boolean) => void }) {
  return (
    <li>
      <label class="scenario">
        <input type="checkbox" checked={isChosen} onChange={(event) => onChoose(event.currentTarget.checked)} />
        <span class="scenario-body">
          <span class="scenario-name break">{scenario.name}</span>
          {scenario.expands && <span class="chip chip-strong">{words.expands}</span>}
          {scenario.expanded_from && <span class="chip">{words.expandedFrom(scenario.expanded_from)}</span>}
          {scenario.tags.map((tag) => (
            <span key={tag} class="chip">
              {tag}
            </span>
          ))}
          {scenario.expands && <span class="scenario-line">{words.expandsHint}</span>}
          {scenario.description && <span class="scenario-line">{scenario.description}</span>}
          <span class="scenario-line quiet">
            {scenario.path && <span class="mono break">{scenario.path}</span>}
            {scenario.timeout_s > 0 && <span>{words.timeLimit(scenario.timeout_s)}</span>}
          </span>
        </span>
      </label>
    </li>
  );
}

interface ScenarioListProps {
  scenarios: Scenario[];
  chosen: ReadonlySet<string>;
  /** Changes when another part of the scenarios is shown. */
  filterKey: string;
  onChoose: (name: string, isChosen: boolean) => void;
}

export function ScenarioList({ scenarios, chosen, filterKey, onChoose }: ScenarioListProps) {
  const { shown, more } = useGrowing(filterKey, kStep);
  return (
    <>
      <ul class="scenarios" aria-label={words.scenarios}>
        {scenarios.slice(0, shown).map((scenario) => (
          <ScenarioRow
            key={scenario.name}
            scenario={scenario}
            isChosen={chosen.has(scenario.name)}
            onChoose={(isChosen) => onChoose(scenario.name, isChosen)}
          />
        ))}
      </ul>
      {scenarios.length > shown && (
        <button type="button" class="button" onClick={more}>
          {text.runs.showMore(Math.min(kStep, scenarios.length - shown))}
        </button>
      )}
    </>
  );
}

/** The tags as switches; those that are on narrow the list down. */
export function TagFilter({ tags, active, onToggle }: { tags: { tag: string; scenarios: number }[]; active: string[]; onToggle: (tag: string) => void }) {
  if (tags.length === 0) return null;
  return (
    <div class="tags" role="group" aria-label={words.tags}>
      {tags.slice(0, 40).map(({ tag, scenarios }) => (
        <button key={tag} type="button" class="chip chip-button" aria-pressed={active.includes(tag)} onClick={() => onToggle(tag)}>
          {tag} <span class="quiet">{count(scenarios)}</span>
        </button>
      ))}
    </div>
  );
}
