import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TimeoutError } from 'p-timeout';
import { warehouseError } from '../../workers/thread/warehouse-error.ts';

/** An error as the client throws it. */
function apiError(status: number | undefined, reason?: string): Error {
  const errors = reason === undefined ? [] : [{ reason }];
  return Object.assign(new Error('what it says'), { code: status, errors });
}
const codeOf = (status: number | undefined, reason?: string) =>
  warehouseError(apiError(status, reason)).code;

describe('an error of the client', () => {
  test('is told by its reason first: a spent quota comes as 403, like a missing right', () => {
    assert.equal(codeOf(403, 'quotaExceeded'), 'quota-exceeded');
    assert.equal(codeOf(403, 'rateLimitExceeded'), 'quota-exceeded');
    assert.equal(codeOf(400, 'jobRateLimitExceeded'), 'quota-exceeded');
    assert.equal(codeOf(403, 'accessDenied'), 'query-failed');
    assert.equal(codeOf(400, 'bytesBilledLimitExceeded'), 'over-budget');
    assert.equal(codeOf(403, 'responseTooLarge'), 'result-too-large');
  });

  test('is told by its status where the reason says nothing', () => {
    assert.equal(codeOf(429), 'quota-exceeded');
    assert.equal(codeOf(404), 'query-failed');
    assert.equal(codeOf(400, 'somethingNew'), 'query-failed');
    for (const status of [408, 500, 502, 503, 504, 200, undefined])
      assert.equal(codeOf(status), 'warehouse-failed', String(status));
    assert.equal(codeOf(503, 'backendError'), 'warehouse-failed');
  });

  test('leaves open what it did only when the call was lost', () => {
    const lost = (error: unknown) => warehouseError(error).lost;
    assert.ok(lost(new TimeoutError('no answer')));
    assert.ok(lost(Object.assign(new Error('reset'), { code: 'ECONNRESET' })));
    assert.ok(!lost(apiError(503)));
    assert.ok(!lost(apiError(undefined, 'stopped')));
  });

  test('may be anything at all', () => {
    for (const thrown of [undefined, null, 'text', 7, {}, { errors: 'x' }, { errors: [null] }])
      assert.equal(warehouseError(thrown).code, 'warehouse-failed');
  });
});
