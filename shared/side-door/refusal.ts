import { type Code, ERROR_CODES } from '../error-codes.ts';
import type { SideDoorAnswer } from './answer.ts';

/** One thing that is wrong with what was sent. */
export interface RefusalProblem {
  readonly member: string;
  readonly expected: string;
  readonly got: string;
}

/** What a refusal says beside its code. */
export interface RefusalFacts {
  readonly headers?: Readonly<Record<string, string>>;
  readonly problems?: readonly RefusalProblem[];
}

/** An error as those who operate a process see it: thrown by a route, sent as problem details. */
export class Refusal extends Error {
  readonly code: Code;
  readonly facts: RefusalFacts;

  constructor(code: Code, detail: string, facts: RefusalFacts = {}) {
    super(detail);
    this.name = 'Refusal';
    this.code = code;
    this.facts = facts;
  }
}

/** The answer to whatever a route has thrown: problem details (RFC 9457). */
export function refusalAnswer(error: unknown): SideDoorAnswer {
  if (!(error instanceof Refusal)) {
    return refusalAnswer(
      new Refusal('internal', error instanceof Error ? error.message : 'unknown'),
    );
  }
  const { status, title } = ERROR_CODES[error.code];
  const { headers = {}, problems } = error.facts;
  const requestId = crypto.randomUUID();
  const body = {
    type: `urn:punctual:problem:${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.message,
    requestId,
    ...(problems ? { problems } : {}),
  };
  return {
    status,
    contentType: 'application/problem+json',
    headers: { ...headers, 'cache-control': 'no-store', 'x-request-id': requestId },
    body: `${JSON.stringify(body)}\n`,
  };
}
