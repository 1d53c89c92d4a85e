import assert from 'node:assert/strict';
import type { Answer } from '../get.ts';
import { ERROR_CODES, type Code } from '../../shared/error-codes.ts';

/** Fails unless the answer is problem details with this code, its status, a request id, and nothing of the inside. */
export function assertProblem(answer: Answer, code: Code): void {
  const { status, headers, body, text } = answer;
  assert.equal(body?.code, code, text);
  assert.equal(status, ERROR_CODES[code].status);
  assert.equal(body.status, status);
  assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.equal(body.requestId, headers.get('x-request-id'));
  assert.notEqual(body.requestId, null);
  assert.doesNotMatch(text, /SELECT|\.ts\b|node_modules|\bat \w+.*:\d+|ECONN|shop\.sales/);
}
