import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { recentParametersKey } from '../../../shared/redis/keys.ts';
import { createRecentParameters } from '../../../shared/versions/recent-parameters.ts';
import { startTestRedis } from '../with-redis.ts';

describe('the parameters that a query was asked with of late', async () => {
  const redis = await startTestRedis('queue');
  after(() => redis[Symbol.asyncDispose]());
  const connection = await redis.connect();
  const recent = createRecentParameters(connection);
  beforeEach(() => connection.flushall());

  test('are the last twenty sets, each once, for a week', async () => {
    for (let id = 0; id < 30; id++) {
      await recent.note('prices', { id, brand: null, at: ['a', 'b'] });
      await recent.note('prices', { at: ['a', 'b'], brand: null, id });
    }
    const sets = await recent.read('prices');
    assert.deepEqual(
      sets.map(({ id }) => id).sort((a, b) => Number(a) - Number(b)),
      Array.from({ length: 20 }, (_, index) => index + 10),
    );
    assert.deepEqual(sets[0], { id: sets[0]?.['id'], brand: null, at: ['a', 'b'] });
    const lifeMs = await connection.pttl(recentParametersKey('prices'));
    assert.ok(lifeMs > 6 * 24 * 3_600_000 && lifeMs <= 7 * 24 * 3_600_000);
  });

  test('come latest first, and only those of the query', async () => {
    await connection.zadd(recentParametersKey('prices'), 1, '{"id":1}', 3, '{"id":3}');
    await connection.zadd(recentParametersKey('prices'), 2, '{"id":2}');
    await recent.note('other', { id: 4 });
    assert.deepEqual(await recent.read('prices'), [{ id: 3 }, { id: 2 }, { id: 1 }]);
    assert.deepEqual(await recent.read('nobody'), []);
  });

  test('are not kept when they are too long, and not read when they are none', async () => {
    await recent.note('prices', { text: 'x'.repeat(9_000) });
    assert.deepEqual(await recent.read('prices'), []);
    await connection.zadd(recentParametersKey('prices'), 1, 'junk', 2, '{"id":{}}', 3, '{"id":1}');
    assert.deepEqual(await recent.read('prices'), [{ id: 1 }]);
  });
});
