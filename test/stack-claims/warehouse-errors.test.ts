import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Code } from '../../shared/error-codes.ts';
import { assertProblem } from './assert-problem.ts';
import { type Asked, withClaims } from './with-claims.ts';

describe('an error of the warehouse', async () => {
  const stack = await withClaims();
  after(() => stack.stop());
  beforeEach(() => stack.faults([]));
  // Successes enough, so that the errors to come stay too few to open a breaker.
  before(async () => {
    const keys = Array.from({ length: 10 }, (_, index) => `success ${index}`);
    const successes = ['bare', 'steady'].flatMap((query) =>
      keys.map((key) => stack.ask({ query, parameters: { key } })),
    );
    for (const { status } of await Promise.all(successes)) assert.equal(status, 200);
  });

  /** The code for a query with nothing to fall back on, the label for one with, and nothing stored for either. */
  const fails = async (fault: Record<string, unknown>, code: Code, key: string) => {
    await stack.faults([fault]);
    const bare = { query: 'bare', parameters: { key } };
    const steady = { query: 'steady', parameters: { key } };
    assertProblem(await stack.ask(bare), code);
    const { status, body } = await stack.ask(steady);
    assert.equal(status, 200);
    assert.deepEqual(body.meta.parts.steady, { source: 'fallback', reason: 'failed' });
    for (const asked of [bare, steady]) assert.equal(await stack.stored(asked), undefined);
    await stack.faults([]);
    assert.equal((await stack.ask(bare)).body.meta?.source, 'live');
    assert.equal((await stack.ask(steady)).body.meta?.source, 'live');
  };
  const refuses = async (asked: Asked, code: Code) => {
    assertProblem(await stack.ask(asked), code);
    assert.equal(await stack.stored(asked), undefined);
  };

  test('503 of a running job is warehouse-failed', () =>
    fails({ error: { status: 503, reason: 'backendError' } }, 'warehouse-failed', '503'));

  test('500 in answer to the insert is warehouse-failed', () => {
    const error = { status: 500, reason: 'internalError' };
    return fails({ match: { route: 'insert' }, error }, 'warehouse-failed', '500');
  });

  test('a spent quota, which comes as 403, is quota-exceeded and says when to come back', async () => {
    const error = { status: 403, reason: 'quotaExceeded' };
    await fails({ match: { route: 'insert' }, error }, 'quota-exceeded', '403');
    await stack.faults([{ error: { status: 403, reason: 'rateLimitExceeded' } }]);
    const answer = await stack.ask({ query: 'bare', parameters: { key: 'rate' } });
    assertProblem(answer, 'quota-exceeded');
    assert.ok(answer.headers.has('retry-after'));
  });

  test('SQL that it refuses is query-failed', () =>
    refuses({ query: 'mistaken', parameters: { key: 'x' } }, 'query-failed'));

  test('a scan beyond the limit of bytes is over-budget', () =>
    refuses({ query: 'costly', parameters: { key: 'x' } }, 'over-budget'));

  test('a row that is not what was declared is bad-result', () =>
    refuses({ query: 'unfit', parameters: { key: 'x' } }, 'bad-result'));

  test('more rows than allowed are result-too-large, as many as allowed are served', async () => {
    await refuses({ query: 'crowded', parameters: { size: 6 } }, 'result-too-large');
    const { body } = await stack.ask({ query: 'crowded', parameters: { size: 5 } });
    assert.equal(body.data.length, 5);
  });

  test('a result without rows is an answer, and is stored', async () => {
    const asked = { query: 'crowded', parameters: { size: 0 } };
    assert.deepEqual((await stack.ask(asked)).body.data, []);
    assert.equal((await stack.ask(asked)).body.meta.source, 'fresh');
  });

  test('an integer beyond 2^53 is exact as text and refused as a number', async () => {
    for (const digits of ['9007199254740993', '-9223372036854775808', '9223372036854775807']) {
      const { body } = await stack.ask({ query: 'whole-numbers', parameters: { digits } });
      assert.deepEqual(body.data, [{ n: digits }]);
      await refuses({ query: 'safe-numbers', parameters: { digits } }, 'bad-result');
    }
    const digits = '9007199254740991';
    const { text } = await stack.ask({ query: 'safe-numbers', parameters: { digits } });
    assert.match(text, /"data":\[\{"n":9007199254740991\}\]/);
  });

  test('NaN and infinities, for which JSON has no word, are refused', async () => {
    for (const text of ['NaN', 'inf', '-inf'])
      await refuses({ query: 'floats', parameters: { text } }, 'bad-result');
    const { body } = await stack.ask({ query: 'floats', parameters: { text: '0.1' } });
    assert.deepEqual(body.data, [{ x: 0.1 }]);
  });
});
