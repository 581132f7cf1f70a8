-- SPDX-License-Identifier: Apache-2.0
-- Jobs, their runs, and what finds them. Times are microseconds since 1970, UTC; truth values are 0 and 1.

-- Numbers that only ever grow. Not max(id) + 1: an id must not come back when the newest job is gone.
CREATE TABLE counters (
  name TEXT NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counters (name, value) VALUES ('job_id', 0);

-- Who has submitted jobs: few rows, so that a search for a part of a name may look at all of them. `name` is the key (ASCII
-- lower case), `search` the name in lower case of any script.
CREATE TABLE job_users (
  no INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  search TEXT NOT NULL
) STRICT;

-- Counts of runs stand in the job, so that a list needs no join.
CREATE TABLE jobs (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id BETWEEN 1 AND 9007199254740991),
  deleted INTEGER NOT NULL DEFAULT 0,
  user_no INTEGER NOT NULL REFERENCES job_users (no),
  "user" TEXT NOT NULL,
  environment TEXT NOT NULL,
  branch TEXT NOT NULL,
  "commit" TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'in_progress', 'passed', 'failed', 'errored', 'aborted')),
  reason TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  revision INTEGER NOT NULL DEFAULT 1,
  runs_waiting INTEGER NOT NULL DEFAULT 0,
  runs_in_progress INTEGER NOT NULL DEFAULT 0,
  runs_passed INTEGER NOT NULL DEFAULT 0,
  runs_failed INTEGER NOT NULL DEFAULT 0,
  runs_skipped INTEGER NOT NULL DEFAULT 0,
  runs_errored INTEGER NOT NULL DEFAULT 0,
  runs_aborted INTEGER NOT NULL DEFAULT 0,
  intent TEXT NOT NULL DEFAULT 'run' CHECK (intent IN ('run', 'abort', 'remove')),
  phase TEXT NOT NULL DEFAULT 'unsent'
    CHECK (phase IN ('unsent', 'sending', 'accepted', 'collecting', 'cleaning', 'closed')),
  handle TEXT NOT NULL DEFAULT '',
  sent_at INTEGER,
  send_attempts INTEGER NOT NULL DEFAULT 0,
  log_bytes INTEGER NOT NULL DEFAULT 0,
  log_complete INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Each index ends in the id without saying so, and so gives a page in order from wherever it begins.
CREATE INDEX jobs_by_user ON jobs (user_no, deleted);
CREATE INDEX jobs_by_user_and_state ON jobs (user_no, state) WHERE deleted = 0;
CREATE INDEX jobs_by_state ON jobs (state) WHERE deleted = 0;
CREATE INDEX jobs_by_environment ON jobs (environment) WHERE deleted = 0;
CREATE INDEX jobs_by_branch ON jobs (branch) WHERE deleted = 0;
CREATE INDEX open_jobs ON jobs (environment) WHERE phase <> 'closed';

-- `place` is the order of submission.
CREATE TABLE runs (
  job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  scenario TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  place INTEGER NOT NULL,
  path TEXT NOT NULL,
  expanded_from TEXT NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('waiting', 'in_progress', 'passed', 'failed', 'skipped', 'errored', 'aborted')),
  reason TEXT NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  exit_code INTEGER,
  log_bytes INTEGER NOT NULL,
  log_complete INTEGER NOT NULL,
  report_url TEXT NOT NULL,
  PRIMARY KEY (job_id, scenario, attempt)
) STRICT, WITHOUT ROWID;

-- What is left of a job that was deleted everywhere: its id is taken for ever.
CREATE TABLE purged_jobs (
  id INTEGER NOT NULL PRIMARY KEY,
  environment TEXT NOT NULL,
  purged_at INTEGER NOT NULL
) STRICT;

-- A key outlives its job: whoever repeats the request must not get a second one.
CREATE TABLE idempotency_keys (
  user_name TEXT NOT NULL,
  key TEXT NOT NULL,
  request_digest TEXT NOT NULL,
  job_id INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  PRIMARY KEY (user_name, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (used_at);
