// SPDX-License-Identifier: Apache-2.0
// Every call the dashboard makes, typed. One line per route, in the order of doc/openapi.yaml.
import { call, callJson, queryString } from './http';
import type * as Api from './types';

type Signal = AbortSignal | undefined;

const root = '/api/v1';
const inPath = encodeURIComponent;

export const logIn = (username: string, password: string): Promise<Api.Session> =>
  callJson(`${root}/session`, { method: 'POST', body: { username, password }, expects401: true });

export const readSession = (): Promise<Api.Session> => callJson(`${root}/session`, { expects401: true });

export const logOut = (): Promise<Response> => call(`${root}/session`, { method: 'DELETE', expects401: true });

export const readEnvironments = (signal?: Signal): Promise<{ environments: Api.Environment[] }> =>
  callJson(`${root}/environments`, { signal });

export const readBranches = (environment: string, prefix: string, signal?: Signal): Promise<{ branches: string[] }> =>
  callJson(`${root}/environments/${inPath(environment)}/branches${queryString({ prefix })}`, { signal });

export const readBranch = (environment: string, name: string, signal?: Signal): Promise<Api.Branch> =>
  callJson(`${root}/environments/${inPath(environment)}/branch?name=${inPath(name)}`, { signal });

export const readScenarios = (environment: string, branch: string, signal?: Signal): Promise<Api.Scan> =>
  callJson(`${root}/environments/${inPath(environment)}/scenarios?branch=${inPath(branch)}`, { signal });

/** The same key again, with the same content, answers the job that the first call made. */
export const submitJob = (submission: Api.Submission, idempotencyKey: string): Promise<Api.Job> =>
  callJson(`${root}/jobs`, { method: 'POST', body: submission, headers: { 'Idempotency-Key': idempotencyKey } });

export const readJobs = (query: Api.JobQuery, signal?: Signal): Promise<Api.JobPage> =>
  callJson(`${root}/jobs${queryString(query)}`, { signal });

export const readJob = (id: number, signal?: Signal): Promise<Api.Job> => callJson(`${root}/jobs/${id}`, { signal });

export const abortJob = (id: number): Promise<Api.Job> => callJson(`${root}/jobs/${id}/abort`, { method: 'POST' });

export const deleteJob = (id: number): Promise<Response> => call(`${root}/jobs/${id}`, { method: 'DELETE' });

/** The address of a log, also for a link that opens it as plain text. */
export function logAddress(log: Api.LogName, range: { offset?: number; limit?: number } = {}): string {
  const base = `${root}/jobs/${log.job}`;
  const run = log.scenario ? `/runs/${inPath(log.scenario)}/${log.attempt}` : '';
  return `${base}${run}/log${queryString(range)}`;
}

/** A range of a log. A negative offset counts from the end; beyond the end there is nothing, which is no error. */
export async function readLog(log: Api.LogName, offset: number, limit: number, signal?: Signal): Promise<Api.LogPart> {
  const response = await call(logAddress(log, { offset, limit }), { signal, headers: { Accept: '*/*' } });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return {
    bytes,
    size: Number(response.headers.get('X-Log-Size') ?? bytes.length),
    complete: response.headers.get('X-Log-Complete') === 'true',
  };
}

/** The address of the stream of events: of one job, or (without an id) of what the job list shows. */
export const eventsAddress = (job?: number): string => `${root}/events${queryString({ job })}`;

/** The address of the stream of what the environments are like. */
export const environmentEventsAddress = (): string => `${root}/events${queryString({ of: 'environments' })}`;

export const readPlugins = (signal?: Signal): Promise<{ plugins: Api.Plugin[] }> => callJson(`${root}/plugins`, { signal });

export const readBuildInfo = (signal?: Signal): Promise<Api.BuildInfo> =>
  callJson(`${root}/status/buildinfo`, { signal });
