// SPDX-License-Identifier: Apache-2.0
// Which scenarios are shown and which are chosen. Pure.
import type { Scenario } from '../../api/types';

export interface ScenarioFilter {
  text: string;
  tags: string[];
}

/** Fits when all of its words stand somewhere in the scenario, and it has all of the tags. */
export function fits(scenario: Scenario, filter: ScenarioFilter): boolean {
  const haystack = [scenario.name, scenario.path, scenario.description, ...scenario.tags].join('\n').toLowerCase();
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => haystack.includes(word)) && filter.tags.every((tag) => scenario.tags.includes(tag));
}

/** Every tag with the number of scenarios that have it, the most frequent first. */
export function tagsOf(scenarios: Scenario[]): { tag: string; scenarios: number }[] {
  const counted = new Map<string, number>();
  for (const { tags } of scenarios) for (const tag of new Set(tags)) counted.set(tag, (counted.get(tag) ?? 0) + 1);
  return [...counted].map(([tag, n]) => ({ tag, scenarios: n })).sort((a, b) => b.scenarios - a.scenarios || a.tag.localeCompare(b.tag));
}

/** `chosen` with `names` added or taken away. */
export function withChosen(chosen: ReadonlySet<string>, names: string[], isChosen: boolean): Set<string> {
  const next = new Set(chosen);
  for (const name of names) {
    if (isChosen) next.add(name);
    else next.delete(name);
  }
  return next;
}

/** What is chosen, in the order of the scan, which is the order it runs in. */
export function inOrder(scenarios: Scenario[], chosen: ReadonlySet<string>): string[] {
  return scenarios.map(({ name }) => name).filter((name) => chosen.has(name));
}
