// SPDX-License-Identifier: Apache-2.0
// Search and filters of the job list. What is set stands in the address.
import { useEffect, useRef, useState } from 'preact/hooks';

import { readEnvironments } from '../../api/client';
import { jobStates } from '../../api/types';
import { Icon } from '../../parts/icons';
import { useLoad } from '../../parts/use_load';
import { address, navigate, withQuery } from '../../state/router';
import { isAdministrator } from '../../state/session';
import { text } from '../../text/en';

const words = text.jobs;
const kPause = 250;

/** A change of a filter leads to the first page. Typing replaces the address, so that Back leaves the list at once. */
function setFilter(name: string, value: string, how: 'push' | 'replace'): void {
  navigate(withQuery({ [name]: value, after: '' }), how);
}

interface TypedProps {
  name: string;
  label: string;
  placeholder: string;
  search?: boolean;
}

/** A field that takes effect a moment after the last key. */
function TypedFilter({ name, label, placeholder, search = false }: TypedProps) {
  const inAddress = address.value.query.get(name) ?? '';
  const [value, setValue] = useState(inAddress);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (!timer.current) setValue(inAddress);
  }, [inAddress]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const take = (next: string, after: number): void => {
    setValue(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      timer.current = undefined;
      setFilter(name, next.trim(), 'replace');
    }, after);
  };
  return (
    <label class={search ? 'search' : 'field-inline'}>
      <span class="visually-hidden">{label}</span>
      {search && <Icon name="search" />}
      <input
        type="search"
        value={value}
        placeholder={placeholder}
        spellcheck={false}
        autocomplete="off"
        maxLength={200}
        data-page-search={search ? '' : undefined}
        onInput={(event) => take(event.currentTarget.value, kPause)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take(event.currentTarget.value, 0);
        }}
      />
    </label>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  any: string;
  choices: { value: string; label: string }[];
}

function ChoiceFilter({ name, label, any, choices }: ChoiceProps) {
  const value = address.value.query.get(name) ?? '';
  const known = choices.some((choice) => choice.value === value) || !value;
  return (
    <label class="field-inline">
      <span class="visually-hidden">{label}</span>
      <select value={value} onChange={(event) => setFilter(name, event.currentTarget.value, 'push')}>
        <option value="">{any}</option>
        {!known && <option value={value}>{value}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  );
}

function ScopeFilter() {
  const mine = address.value.query.get('mine') === '1';
  const choose = (value: string): void => setFilter('mine', value, 'push');
  return (
    <fieldset class="segmented">
      <legend class="visually-hidden">{words.scope}</legend>
      <div class="segments">
        <label>
          <input type="radio" name="scope" checked={!mine} onChange={() => choose('')} />
          <span>{words.everyones}</span>
        </label>
        <label>
          <input type="radio" name="scope" checked={mine} onChange={() => choose('1')} />
          <span>{words.mine}</span>
        </label>
      </div>
    </fieldset>
  );
}

export function JobFilters() {
  const environments = useLoad((signal) => readEnvironments(signal), '').data?.environments ?? [];
  const query = address.value.query;
  const isSet = ['q', 'state', 'environment', 'branch', 'mine'].some((name) => query.get(name));
  return (
    <search class="filters">
      <TypedFilter name="q" label={words.search} placeholder={words.searchPlaceholder} search />
      <ChoiceFilter
        name="state"
        label={words.state}
        any={words.anyState}
        choices={jobStates.map((state) => ({ value: state, label: text.states[state] }))}
      />
      <ChoiceFilter
        name="environment"
        label={words.environment}
        any={words.anyEnvironment}
        choices={environments.map(({ name }) => ({ value: name, label: name }))}
      />
      <TypedFilter name="branch" label={words.branch} placeholder={words.branchPlaceholder} />
      {isAdministrator.value && <ScopeFilter />}
      {isSet && (
        <a class="button button-quiet" href="/jobs">
          {words.clear}
        </a>
      )}
    </search>
  );
}
