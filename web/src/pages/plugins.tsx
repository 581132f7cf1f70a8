// SPDX-License-Identifier: Apache-2.0
// What the server loaded, and what it refused. For administrators.
import { readPlugins } from '../api/client';
import type { Plugin } from '../api/types';
import { HealthBadge } from '../parts/health_badge';
import { EmptyState, Loading, ProblemNote } from '../parts/problem_note';
import { useLoad } from '../parts/use_load';
import { useTitle } from '../parts/use_title';
import { text } from '../text/en';

const words = text.plugins;

function PluginRow({ plugin }: { plugin: Plugin }) {
  return (
    <tr>
      <td data-label={words.columns.state}>
        <HealthBadge state={plugin.state} />
      </td>
      <th scope="row" data-label={words.columns.name}>
        <span class="mono">{plugin.name || '–'}</span>
        {plugin.message && <p class="cell-note">{plugin.message}</p>}
      </th>
      <td data-label={words.columns.interfaces}>
        <span class="mono">{plugin.interfaces.join(', ') || '–'}</span>
      </td>
      <td data-label={words.columns.version}>{plugin.version || '–'}</td>
      <td data-label={words.columns.file}>
        <span class="mono quiet break">{plugin.file}</span>
      </td>
    </tr>
  );
}

export function PluginsPage() {
  useTitle(words.title);
  const { data, problem, reload } = useLoad((signal) => readPlugins(signal), '');
  return (
    <div class="page">
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      {problem && <ProblemNote problem={problem} retry={problem.status === 403 ? undefined : reload} />}
      {!data && !problem && <Loading what={words.loading} />}
      {data?.plugins.length === 0 && <EmptyState title={words.none} />}
      {data && data.plugins.length > 0 && (
        <div class="table-frame">
          <table class="table table-cards">
            <caption class="visually-hidden">{words.table}</caption>
            <thead>
              <tr>
                {Object.values(words.columns).map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.plugins.map((plugin) => (
                <PluginRow key={plugin.file} plugin={plugin} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
