// SPDX-License-Identifier: Apache-2.0
// Log in, and go on to where one wanted to go.
import { useEffect, useRef, useState } from 'preact/hooks';

import { readBuildInfo } from '../api/client';
import { asProblem, Problem } from '../api/problem';
import { ProblemNote, Note } from '../parts/problem_note';
import { Brand } from '../parts/top_bar';
import { useLoad } from '../parts/use_load';
import { useTitle } from '../parts/use_title';
import { localAddress } from '../state/local_address';
import { address, navigate } from '../state/router';
import { hasExpired, logIn, session } from '../state/session';
import { text } from '../text/en';

const words = text.login;

/** What the server's refusal means here; what only it can explain is left as it is. */
function explain(problem: Problem): Problem {
  if (problem.status === 401) return new Problem(401, words.wrong);
  if (problem.status === 429) return new Problem(429, words.tooMany(problem.retryAfter));
  return problem;
}

function LoginForm() {
  const [problem, setProblem] = useState<Problem | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const [visible, setVisible] = useState(false);
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const username = name.current?.value.trim() ?? '';
    const secret = password.current?.value ?? '';
    if (!username || !secret) {
      setProblem(new Problem(0, words.missing));
      (username ? password : name).current?.focus();
      return;
    }
    setBusy(true);
    try {
      await logIn(username, secret);
    } catch (error) {
      setProblem(explain(asProblem(error)));
      setBusy(false);
      password.current?.select();
    }
  };

  return (
    <form class="stack" onSubmit={(event) => void submit(event)} noValidate>
      {hasExpired.value && !problem && <Note>{words.expired}</Note>}
      {problem && <ProblemNote problem={problem} />}
      <label class="field">
        <span class="field-label">{words.username}</span>
        <input ref={name} name="username" autocomplete="username" autocapitalize="none" spellcheck={false} autofocus />
      </label>
      <label class="field">
        <span class="field-label">{words.password}</span>
        <input ref={password} name="password" type={visible ? 'text' : 'password'} autocomplete="current-password" />
      </label>
      <label class="check">
        <input type="checkbox" checked={visible} onChange={(event) => setVisible(event.currentTarget.checked)} />
        <span>{words.showPassword}</span>
      </label>
      <button type="submit" class="button button-primary button-wide" disabled={busy}>
        {busy ? words.submitting : words.submit}
      </button>
    </form>
  );
}

export function LoginPage() {
  useTitle(words.title);
  const build = useLoad((signal) => readBuildInfo(signal), '');
  const isLoggedIn = Boolean(session.value);
  useEffect(() => {
    if (isLoggedIn) navigate(localAddress(address.peek().query.get('next'), window.location.origin) ?? '/jobs', 'replace');
  }, [isLoggedIn]);
  if (isLoggedIn) return null;
  return (
    <main class="login">
      <div class="login-card">
        <Brand />
        <h1>{words.title}</h1>
        <p class="quiet">{words.lead}</p>
        <LoginForm />
      </div>
      <p class="quiet login-foot">{build.data && text.footer.version(build.data.version, build.data.commit)}</p>
    </main>
  );
}
