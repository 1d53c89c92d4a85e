import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { withClaims } from './with-claims.ts';

describe('a query that harvests', async () => {
  const stack = await withClaims();
  after(() => stack.stop());

  test('fills the cache with a result that came too late for its request', async () => {
    await stack.faults([{ match: { query: 'harvested' }, latencyMs: 4_000 }]);
    const asked = { query: 'harvested', parameters: { key: 'late' } };
    const { body: early } = await stack.ask(asked);
    assert.deepEqual(early.meta.parts.harvested, { source: 'fallback', reason: 'timeout' });

    const entry = await stack.untilNewer(asked, 0);
    const { body: next } = await stack.ask(asked);
    assert.equal(next.meta.source, 'fresh');
    assert.equal(next.data[0].key, 'late');
    assert.equal(Date.parse(next.meta.asOf), entry.asOf);
    const jobs = await stack.jobsOf(asked);
    assert.deepEqual(
      jobs.map(({ cancelled }) => cancelled),
      [false],
    );
  });

  test('lets a later request join the flight that outlived the first one', async () => {
    await stack.faults([{ match: { query: 'harvested' }, latencyMs: 3_000 }]);
    const asked = { query: 'harvested', parameters: { key: 'again' } };
    const { body: first } = await stack.ask(asked);
    assert.equal(first.meta.source, 'fallback');
    const { body: second } = await stack.ask(asked);
    // On a busy machine he may come when it has landed.
    assert.ok(['live', 'fresh'].includes(second.meta.source), second.meta.source);
    assert.equal((await stack.jobsOf(asked)).length, 1);
  });
});
