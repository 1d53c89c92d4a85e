import type { Response } from 'express';
import { type Code, ERROR_CODES } from '../../shared/error-codes.ts';
import { requestIdOf } from './request-id.ts';

/** One thing that is wrong with a request. */
export interface RequestProblem {
  readonly parameter?: string;
  readonly header?: string;
  readonly expected: string;
  readonly got: string;
}

/** An error as callers see it, thrown by whoever finds it and sent by the app. */
export class Problem extends Error {
  readonly code: Code;
  readonly problems: readonly RequestProblem[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: Code,
    detail: string,
    {
      problems = [],
      retryAfterSeconds,
    }: { problems?: readonly RequestProblem[]; retryAfterSeconds?: number } = {},
  ) {
    super(detail);
    this.name = 'Problem';
    this.code = code;
    this.problems = problems;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Sends problem details (RFC 9457) with the extension members `code`, `requestId` and, for bad input, `problems`. */
export function sendProblem(response: Response, problem: Problem): void {
  const { status, title } = ERROR_CODES[problem.code];
  if (problem.retryAfterSeconds !== undefined)
    response.setHeader('Retry-After', String(problem.retryAfterSeconds));
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'application/problem+json');
  response.status(status).send(
    JSON.stringify({
      type: `urn:punctual:problem:${problem.code}`,
      title,
      status,
      code: problem.code,
      detail: problem.message,
      requestId: requestIdOf(response),
      ...(problem.problems.length > 0 ? { problems: problem.problems } : {}),
    }),
  );
}
