// SPDX-License-Identifier: Apache-2.0
import { EmptyState } from '../parts/problem_note';
import { useTitle } from '../parts/use_title';
import { text } from '../text/en';

export function NotFoundPage() {
  useTitle(text.notFound.title);
  return (
    <div class="page">
      <h1>{text.notFound.title}</h1>
      <EmptyState title={text.notFound.hint}>
        <a class="button" href="/jobs">
          {text.job.toList}
        </a>
      </EmptyState>
    </div>
  );
}
