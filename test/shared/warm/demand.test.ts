import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Redis } from 'ioredis';
import { createDemand, type Demand, HALF_LIFE_MS } from '../../../shared/warm/demand.ts';
import { startTestRedis, type TestRedis } from '../with-redis.ts';

/** An instant as the fleet's clock tells them: large numbers must not blur the scores. */
const NOW = 1_795_000_000_123;

let redis: TestRedis;
let connection: Redis;
let demand: Demand;
before(async () => {
  redis = await startTestRedis('queue');
  connection = await redis.connect();
  demand = createDemand(connection);
});
after(() => redis[Symbol.asyncDispose]());
beforeEach(async () => {
  await connection.flushall();
});

interface Asked {
  readonly asks?: number;
  readonly callers?: readonly string[];
  readonly now?: number;
}

function note(fingerprint: string, { asks = 1, callers = ['me'], now = NOW }: Asked = {}) {
  const notes = [{ fingerprint, parameters: { fingerprint }, asks, callers }];
  return demand.note('q', { notes, now, mostSets: 5, usualRunMs: 120.5 });
}

async function asked(now = NOW) {
  const { sets } = await demand.read('q', 10, now);
  return sets.map(({ parameters, asksPerMs, callers }) => {
    const { fingerprint } = parameters as { fingerprint: string };
    // A steady rate for so long as to be known: what it comes to is the count.
    return { fingerprint, count: (asksPerMs * HALF_LIFE_MS) / Math.LN2, callers };
  });
}

function assertClose(actual: number | undefined, expected: number) {
  assert.ok(Math.abs((actual ?? NaN) - expected) < 1e-3 * expected, `${actual} is not ${expected}`);
}

test('what is asked for together adds up', async () => {
  await note('a', { asks: 3 });
  await note('a', { asks: 5 });
  await note('b', { asks: 100 });
  const [first, second] = await asked();
  assert.equal(first?.fingerprint, 'b');
  assertClose(first?.count, 100);
  assertClose(second?.count, 8);
});

test('what is not asked for any more counts half after every half-life', async () => {
  await note('a', { asks: 64 });
  const later = NOW + 3 * HALF_LIFE_MS;
  assertClose((await asked(later))[0]?.count, 8);
  await note('a', { asks: 2, now: later });
  assertClose((await asked(later))[0]?.count, 10);
});

test('a note that comes late counts for its own time', async () => {
  await note('a', { asks: 1, now: NOW + HALF_LIFE_MS });
  await note('a', { asks: 2, now: NOW });
  assertClose((await asked(NOW + HALF_LIFE_MS))[0]?.count, 2);
});

test('for years nothing overflows', async () => {
  const years = 5 * 365 * 24 * HALF_LIFE_MS;
  await note('a', { asks: 1_000_000 });
  await note('a', { asks: 2, now: NOW + years });
  assertClose((await asked(NOW + years))[0]?.count, 2);
});

test('callers are told apart, sixteen at most', async () => {
  await note('a', { callers: ['one', 'two'] });
  await note('a', { callers: ['two', 'three'] });
  assert.equal((await asked())[0]?.callers, 3);
  await note('a', { callers: Array.from({ length: 40 }, (_, index) => `c${index}`) });
  assert.equal((await asked())[0]?.callers, 16);
});

test('what is asked for least is forgotten first, with all that is known of it', async () => {
  for (const asks of [6, 1, 5, 2, 7, 3, 4]) await note(`asked ${asks}`, { asks });
  assert.deepEqual(
    (await asked()).map(({ fingerprint }) => fingerprint),
    [7, 6, 5, 4, 3].map((asks) => `asked ${asks}`),
  );
  const fields = await connection.hkeys('punctual:{warm:q}:asked');
  assert.equal(fields.length, 2 * 5 + 1);
});

test('what is asked for with very long parameters is left out, and the rest is noted', async () => {
  const notes = ['x'.repeat(3_000), 'short'].map((fingerprint) => ({
    fingerprint,
    parameters: { fingerprint },
    asks: 1,
    callers: [],
  }));
  await demand.note('q', { notes, now: NOW, mostSets: 5, usualRunMs: undefined });
  assert.deepEqual(
    (await asked()).map(({ fingerprint }) => fingerprint),
    ['short'],
  );
});

test('the usual run is told, and a query that nobody asks for has no demand', async () => {
  await note('a');
  assert.equal((await demand.read('q', 1, NOW)).usualRunMs, 120.5);
  assert.deepEqual(await demand.read('another', 5, NOW), { sets: [], usualRunMs: undefined });
  assert.deepEqual((await demand.read('q', 0, NOW)).sets, []);
  for (const key of await connection.keys('*')) assert.ok((await connection.pttl(key)) > 0, key);
});
