// SPDX-License-Identifier: Apache-2.0
// What the server's JSON looks like: the fields of doc/openapi.yaml, in their own spelling.

export type Role = 'viewer' | 'user' | 'administrator';

export const jobStates = ['waiting', 'in_progress', 'passed', 'failed', 'errored', 'aborted'] as const;
export const runStates = ['waiting', 'in_progress', 'passed', 'failed', 'skipped', 'errored', 'aborted'] as const;
export type JobState = (typeof jobStates)[number];
export type RunState = (typeof runStates)[number];

export interface User {
  username: string;
  role: Role;
  display_name?: string;
}

export interface Session {
  user: User;
  csrf_token: string;
}

export type Counts = Record<RunState, number>;

export interface JobSummary {
  id: number;
  user: string;
  environment: string;
  branch: string;
  commit: string;
  state: JobState;
  reason: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  revision: number;
  /** How many runs are in each state. */
  counts: Counts;
}

export interface Run {
  scenario: string;
  attempt: number;
  state: RunState;
  reason: string | null;
  started_at: string | null;
  finished_at: string | null;
  exit_code: number | null;
  log_bytes: number;
  log_complete?: boolean;
  path?: string;
  expanded_from?: string;
  report_url?: string;
}

export interface Job extends JobSummary {
  runs: Run[];
  /** Its end was asked for and has not come yet. */
  aborting?: boolean;
  log_bytes?: number;
  log_complete?: boolean;
}

export interface JobPage {
  jobs: JobSummary[];
  /** The id to ask for with `after`; null on the last page. */
  next: number | null;
}

/** The part of a job that the list's filters name; an absent field does not filter. */
export interface JobQuery {
  q?: string;
  state?: string;
  user?: string;
  environment?: string;
  branch?: string;
  limit?: string;
  after?: string;
}

export interface PluginHealth {
  plugin: string;
  state: string;
  message: string;
  version?: string;
  slots?: number;
  slots_used?: number;
  queued?: number;
}

/** unreachable: several questions in a row were not answered; jobs wait, and it is asked again at `next_try`. */
export type EnvironmentState = 'unknown' | 'ok' | 'degraded' | 'unreachable';

export interface Environment {
  name: string;
  state: EnvironmentState;
  since: string | null;
  /** What is wrong, or what is to be known though all is well. */
  message: string;
  next_try: string | null;
  answered_at: string | null;
  last_error: string;
  last_error_at: string | null;
  /** Microseconds of the last answer, and the median of the last few; null before the first. */
  latency_us: number | null;
  latency_median_us: number | null;
  executor: PluginHealth;
  discoverer: PluginHealth;
  /** Jobs that the server still has to do something for, the next two included. */
  open_jobs: number;
  /** Not accepted by the executor yet. */
  unsent_jobs: number;
  /** Deleted here, not yet on the remote. */
  tombstones: number;
}

/** An event `environment`: this one, or what its jobs wait for, has changed. */
export interface EnvironmentChange {
  name: string;
}

export interface Branch {
  name: string;
  commit: string;
  author: string;
  committed_at: string;
  subject: string;
}

export interface Scenario {
  name: string;
  path: string;
  tags: string[];
  timeout_s: number;
  description: string;
  digest?: string;
  expands?: boolean;
  expanded_from?: string;
}

export interface Diagnostic {
  path: string;
  line: number;
  column?: number;
  message: string;
}

export interface Scan {
  branch: string;
  commit: string;
  scenarios: Scenario[];
  diagnostics: Diagnostic[];
}

export interface Submission {
  environment: string;
  branch: string;
  commit: string;
  scenarios: string[];
}

export interface Plugin {
  name: string;
  file: string;
  version: string;
  interfaces: string[];
  state: string;
  message: string;
}

export interface BuildInfo {
  name: string;
  version: string;
  commit: string;
  built_at: string;
}

/** An event `log`: how long the log of a run has become; an empty scenario means the job's own log. */
export interface LogGrowth {
  id: number;
  scenario: string;
  attempt: number;
  log_bytes: number;
}

/** A range of a log, and how long the whole was when it was read. */
export interface LogPart {
  bytes: Uint8Array;
  size: number;
  complete: boolean;
}

/** Which log of a job: a run's, or (scenario empty) the job's own. */
export interface LogName {
  job: number;
  scenario: string;
  attempt: number;
}
