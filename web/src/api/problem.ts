// SPDX-License-Identifier: Apache-2.0
// What can go wrong with a call, as one error that a page can show in words.
import { text } from '../text/en';

interface ProblemField {
  pointer?: string;
  message?: string;
}

/** An answer other than 2xx, or none at all (`status` 0: the server could not be reached). */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly fields: string[];
  /** Seconds the server asks to wait, from Retry-After; 0 if it said nothing. */
  readonly retryAfter: number;

  constructor(status: number, title: string, detail = '', fields: string[] = [], retryAfter = 0) {
    super(detail || title);
    this.name = 'Problem';
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.fields = fields;
    this.retryAfter = retryAfter;
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function fieldTexts(errors: unknown): string[] {
  if (!Array.isArray(errors)) return [];
  return (errors as ProblemField[])
    .filter((error) => typeof error === 'object' && error !== null && asText(error.message) !== '')
    .map((error) => (asText(error.pointer) ? `${asText(error.pointer)}: ${asText(error.message)}` : asText(error.message)));
}

/** Reads application/problem+json; anything else (a proxy's page) becomes a problem named by its status. */
export async function readProblem(response: Response): Promise<Problem> {
  const retryAfter = Number(response.headers.get('Retry-After') ?? '') || 0;
  const isJson = /^application\/(problem\+)?json\b/.test(response.headers.get('Content-Type') ?? '');
  let body: { title?: unknown; detail?: unknown; errors?: unknown } = {};
  if (isJson) {
    const parsed: unknown = await response.json().catch(() => null);
    if (typeof parsed === 'object' && parsed !== null) body = parsed;
  }
  const fallback = text.problem.byStatus(response.status);
  const title = asText(body.title) || fallback;
  return new Problem(response.status, title, asText(body.detail), fieldTexts(body.errors), retryAfter);
}

/** Any thrown value as a Problem; what is no Problem is a mistake of ours or a network that is down. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TypeError) return new Problem(0, text.problem.unreachable, text.problem.unreachableDetail);
  return new Problem(0, text.problem.unexpected, error instanceof Error ? error.message : String(error));
}

/** True for the abort of a request that its own caller cancelled; never worth showing. */
export function isCancelled(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
