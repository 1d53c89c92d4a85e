import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { until } from '../until.ts';
import { assertProblem } from './assert-problem.ts';
import { timed } from './timed.ts';
import { withClaims } from './with-claims.ts';

const enoughToOpen = 5;

describe('breakers', async () => {
  const stack = await withClaims();
  after(() => stack.stop());
  beforeEach(() => stack.faults([]));

  const fail = async (query: string) => {
    const error = { status: 503, reason: 'backendError' };
    await stack.faults([{ match: { query }, error }]);
    for (let call = 1; call <= enoughToOpen; call++)
      await stack.ask({ query, parameters: { key: `failing ${call}` } });
  };
  // Each time with another key: what a probe for the last one has stored is there a moment before its breaker hears of it.
  const untilClosed = async (query: string) => {
    let asked = 0;
    await until(async () => {
      const { body } = await stack.ask({ query, parameters: { key: `try ${++asked}` } });
      return body.meta.source === 'live';
    });
  };

  test('repeated faults open the breaker of their query, which then answers without waiting or asking', async () => {
    await fail('patient');
    await stack.faults([{ match: { query: 'patient' }, hang: true }]);
    const asked = { query: 'patient', parameters: { key: 'open' } };
    const { value, ms } = await timed(stack.ask(asked));
    assertProblem(value, 'breaker-open');
    assert.ok(value.headers.has('retry-after'));
    assert.ok(ms < 5_000, `took ${ms} ms`);
    assert.deepEqual(await stack.jobsOf(asked), []);
  });

  test('an open breaker gives what is held, labelled breaker-open', async () => {
    await fail('steady');
    const fallback = await stack.ask({ query: 'steady', parameters: { key: 'open' } });
    assert.deepEqual(fallback.body.meta.parts.steady, {
      source: 'fallback',
      reason: 'breaker-open',
    });
    const known = { query: 'steady', parameters: { key: 'open and known' } };
    await stack.put(known, [{ key: 'open and known', stamp: 'old' }], 3_600_000);
    const stale = await stack.ask(known);
    assert.equal(stale.body.data[0].stamp, 'old');
    assert.equal(stale.body.meta.parts.steady.reason, 'breaker-open');
  });

  test('other queries do not notice', async () => {
    const { body } = await stack.ask({ query: 'bare', parameters: { key: 'beside' } });
    assert.equal(body.meta.source, 'live');
  });

  test('one probe after some seconds closes it again', async () => {
    await fail('malformed-one');
    await stack.faults([]);
    await untilClosed('malformed-one');
    const { body } = await stack.ask({ query: 'malformed-one', parameters: { key: 'closed' } });
    assert.equal(body.meta.source, 'live');
  });

  test('a query that the warehouse refuses opens nothing: it is its author who errs', async () => {
    for (let call = 1; call <= 2 * enoughToOpen; call++) {
      const asked = { query: 'mistaken', parameters: { key: `refused ${call}` } };
      assertProblem(await stack.ask(asked), 'query-failed');
    }
    const { body } = await stack.ask({ query: 'bare', parameters: { key: 'after refusals' } });
    assert.equal(body.meta.source, 'live');
  });

  test('callers who will not wait open nothing', async () => {
    await stack.faults([{ match: { query: 'behind' }, latencyMs: 1_000 }]);
    const hasty = Array.from({ length: 2 * enoughToOpen }, (_, call) =>
      stack.ask(
        { query: 'behind', parameters: { key: `hasty ${call}` } },
        { 'Request-Timeout': '0.2' },
      ),
    );
    for (const answer of await Promise.all(hasty)) assertProblem(answer, 'timeout');
    await stack.faults([]);
    const { body } = await stack.ask({ query: 'behind', parameters: { key: 'after haste' } });
    assert.equal(body.meta.source, 'live');
  });

  test('flights that never land open it, though every caller has something stale and leaves early', async () => {
    await stack.faults([]);
    const asked = (call: number) => ({ query: 'steady', parameters: { key: `stale ${call}` } });
    const calls = Array.from({ length: 2 * enoughToOpen }, (_, call) => call);
    for (const call of calls)
      await stack.put(asked(call), [{ key: `stale ${call}`, stamp: 'old' }], 3_600_000);
    await untilClosed('steady');
    await stack.faults([{ match: { query: 'steady' }, hang: true }]);
    const reasons = await Promise.all(
      calls.map(async (call) => (await stack.ask(asked(call))).body.meta.parts.steady.reason),
    );
    assert.deepEqual(new Set(reasons), new Set(['timeout']));
    await until(async () => {
      const { body } = await stack.ask(asked(0));
      assert.equal(body.meta.source, 'stale');
      return body.meta.parts.steady.reason === 'breaker-open';
    });
  });
});
