// SPDX-License-Identifier: Apache-2.0
// Which page stands at which address, and what surrounds every page.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { asProblem, type Problem } from './api/problem';
import { EnvironmentsPage } from './pages/environments/environments_page';
import { JobPage } from './pages/job/job_page';
import { JobListPage } from './pages/jobs/job_list_page';
import { LoginPage } from './pages/login';
import { NewJobPage } from './pages/new_job/new_job_page';
import { NotFoundPage } from './pages/not_found';
import { PluginsPage } from './pages/plugins';
import { Notices } from './parts/notices';
import { Loading, ProblemNote } from './parts/problem_note';
import { ShortcutsHelp, useShortcuts } from './parts/shortcuts';
import { TopBar } from './parts/top_bar';
import { address, navigate } from './state/router';
import { loginAddress, restoreSession, session } from './state/session';
import { text } from './text/en';

/** The route table. A job's id is written as the server writes it: no sign, no leading zero. */
function pageAt(path: string): JSX.Element {
  const job = /^\/jobs\/([1-9][0-9]{0,15})$/.exec(path);
  if (job) return <JobPage key={path} id={Number(job[1])} />;
  switch (path) {
    case '/jobs':
      return <JobListPage />;
    case '/jobs/new':
      return <NewJobPage />;
    case '/environments':
      return <EnvironmentsPage />;
    case '/plugins':
      return <PluginsPage />;
    default:
      return <NotFoundPage />;
  }
}

function Redirect({ to }: { to: string }) {
  useEffect(() => navigate(to, 'replace'), [to]);
  return null;
}

/** Moves the focus to the new page's content, so that a keyboard or a screen reader does not stay behind on the old one. */
function useFocusOnPage(path: string): void {
  const before = useRef(path);
  useEffect(() => {
    if (path !== before.current) document.getElementById('content')?.focus({ preventScroll: true });
    before.current = path;
  }, [path]);
}

function Pages() {
  const path = address.value.path;
  useShortcuts();
  useFocusOnPage(path);
  return (
    <>
      <a href="#content" class="skip-link">
        {text.nav.skip}
      </a>
      <TopBar />
      <main id="content" tabIndex={-1}>
        {pageAt(path)}
      </main>
      <ShortcutsHelp />
    </>
  );
}

function Routed() {
  const path = address.value.path;
  if (path === '/login') return <LoginPage />;
  if (!session.value) return <Redirect to={loginAddress()} />;
  if (path === '/') return <Redirect to="/jobs" />;
  return <Pages />;
}

export function App() {
  const [problem, setProblem] = useState<Problem | undefined>(undefined);
  const ask = (): void => {
    setProblem(undefined);
    restoreSession().catch((error: unknown) => setProblem(asProblem(error)));
  };
  useEffect(ask, []);
  const isKnown = session.value !== undefined;
  return (
    <>
      {isKnown ? <Routed /> : <main class="starting">{problem ? <ProblemNote problem={problem} retry={ask} /> : <Loading what={text.loading} />}</main>}
      <Notices />
    </>
  );
}
