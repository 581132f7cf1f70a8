// SPDX-License-Identifier: Apache-2.0
// The environments: which answer, and what waits for them. Live.
import { EmptyState, Loading, ProblemNote } from '../../parts/problem_note';
import { useTitle } from '../../parts/use_title';
import { text } from '../../text/en';
import { EnvironmentCard } from './environment_card';
import { useEnvironments } from './use_environments';

const words = text.environments;

export function EnvironmentsPage() {
  useTitle(words.title);
  const { data, problem, reload } = useEnvironments();
  return (
    <div class="page">
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      {problem && <ProblemNote problem={problem} retry={reload} />}
      {!data && !problem && <Loading what={words.loading} />}
      {data?.environments.length === 0 && <EmptyState title={words.none} hint={words.noneHint} />}
      <div class="cards">
        {data?.environments.map((environment) => <EnvironmentCard key={environment.name} environment={environment} />)}
      </div>
    </div>
  );
}
