import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../until.ts';
import { assertProblem } from './assert-problem.ts';
import { timed } from './timed.ts';
import { withClaims } from './with-claims.ts';

const hourMs = 3_600_000;

describe('a warehouse that hangs', { concurrency: true }, async () => {
  const stack = await withClaims({ env: { ANSWER_WITHIN: '8s' } });
  after(() => stack.stop());
  before(() => stack.faults([{ hang: true }]));

  test('gets a fallback at the timeout of the query', async () => {
    const asked = { query: 'steady', parameters: { key: 'at the timeout' } };
    const { value, ms } = await timed(stack.ask(asked));
    assert.equal(value.status, 200);
    assert.deepEqual(value.body.data, [{ key: 'constant', stamp: 'none' }]);
    assert.deepEqual(value.body.meta.parts.steady, { source: 'fallback', reason: 'timeout' });
    assert.equal(value.body.meta.degraded, true);
    assert.equal(value.headers.get('cache-control'), 'no-store');
    assert.ok(ms >= 4_900 && ms < 7_900, `took ${ms} ms`);
  });

  test('gets a fallback when the answer is due, though the query may take longer', async () => {
    const asked = { query: 'patient', parameters: { key: 'due' } };
    await stack.put({ ...asked, query: 'steady' }, [{ key: 'other', stamp: 'other' }], hourMs);
    const { value, ms } = await timed(stack.ask(asked));
    assert.equal(value.body.data[0].stamp, 'other');
    assert.equal(value.body.meta.source, 'fallback');
    assert.equal(value.body.meta.parts.patient.reason, 'timeout');
    assert.equal(value.body.meta.ageSeconds >= 3_600, true);
    assert.ok(ms >= 7_000 && ms < 14_000, `took ${ms} ms`);
  });

  test('gets a fallback when the caller wants his answer, sooner than the gateway promises', async () => {
    const asked = { query: 'patient', parameters: { key: 'wanted' } };
    await stack.put({ ...asked, query: 'steady' }, [{ key: 'other', stamp: 'other' }], hourMs);
    const { value, ms } = await timed(stack.ask(asked, { 'Request-Timeout': '2' }));
    assert.equal(value.body.meta.source, 'fallback');
    assert.ok(ms < 6_000, `took ${ms} ms`);
  });

  test('gets a stale answer sooner, at the soft timeout, where there is one', async () => {
    const asked = { query: 'patient', parameters: { key: 'soft' } };
    await stack.put(asked, [{ key: 'soft', stamp: 'old' }], hourMs);
    const { value, ms } = await timed(stack.ask(asked));
    assert.equal(value.body.data[0].stamp, 'old');
    assert.equal(value.body.meta.source, 'stale');
    assert.equal(value.body.meta.parts.patient.reason, 'timeout');
    assert.ok(ms >= 400 && ms < 6_000, `took ${ms} ms`);
  });

  test('gets an error with advice when there is nothing at all to give', async () => {
    const asked = { query: 'bare', parameters: { key: 'nothing' } };
    const { value, ms } = await timed(stack.ask(asked, { 'Request-Timeout': '0.5' }));
    assertProblem(value, 'timeout');
    assert.match(value.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
    assert.ok(ms < 6_000, `took ${ms} ms`);
  });

  test('keeps no answer of an endpoint waiting for its slowest part beyond the deadline', async () => {
    const { value, ms } = await timed(
      stack.get('/api/v1/two-parts?key=slowest', { 'Request-Timeout': '1' }),
    );
    assert.equal(value.status, 200);
    assert.equal(value.body.data.bare, null);
    assert.equal(value.body.data.steady[0].key, 'constant');
    assert.equal(value.body.meta.source, 'none');
    assert.ok(ms < 6_000, `took ${ms} ms`);
  });

  test('has its job cancelled, and the cancel confirmed, once nobody can use the result', async () => {
    const asked = { query: 'cancelled', parameters: { key: 'stopped' } };
    const { body } = await stack.ask(asked);
    assert.equal(body.meta.parts.cancelled.reason, 'timeout');
    const jobs = await until(async () => {
      const found = await stack.jobsOf(asked);
      const isOver = found.length > 0 && found.every(({ state }) => state === 'DONE');
      return isOver ? found : undefined;
    });
    assert.deepEqual(
      jobs.map(({ cancelled }) => cancelled),
      [true],
    );
    assert.equal(await stack.stored(asked), undefined);
  });
});
