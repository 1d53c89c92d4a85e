import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';
import { until } from '../until.ts';
import { assertProblem } from './assert-problem.ts';
import { timed } from './timed.ts';
import { type Asked, withClaims } from './with-claims.ts';

const hourMs = 3_600_000;

describe('a store that is away', async () => {
  const stack = await withClaims();
  after(() => stack.stop());
  const { queue, cache } = stack.redis;
  assert.ok(queue && cache);
  let count = 0;
  const question = (query: string): Asked => ({ query, parameters: { key: `away ${++count}` } });

  /** A question whose entry is an hour old. */
  const known = async (query: string) => {
    const asked = question(query);
    await stack.put(asked, [{ key: 'known', stamp: 'old' }], hourMs);
    return asked;
  };
  /** Both stores' breakers have closed: what is stored is read, and flights land. */
  const untilWell = () =>
    until(
      async () => {
        const [stored, flown] = [question('bare'), question('bare')];
        await stack.put(stored, [{ key: 'well', stamp: 'well' }], 0);
        const answers = await Promise.all([stack.ask(stored), stack.ask(flown)]);
        return answers.map(({ body }) => body.meta?.source).join() === 'fresh,live';
      },
      { everyMs: 200 },
    );
  afterEach(async () => {
    await stack.faults([]);
    for (const store of [queue, cache]) {
      if (!store.isRunning()) await store.restart();
      store.thaw();
    }
    await untilWell();
  });

  test('the queue: what is fresh stays fresh, what is stale is served, the rest falls back', async () => {
    const fresh = question('bare');
    await stack.put(fresh, [{ key: 'fresh', stamp: 'new' }], 0);
    const stale = await known('bare');
    await queue.kill();
    assert.equal((await stack.ask(fresh)).body.meta.source, 'fresh');
    const served = await stack.ask(stale);
    assert.equal(served.status, 200);
    assert.equal(served.body.data[0].stamp, 'old');
    assert.equal(served.body.meta.parts.bare.reason, 'store-down');
    const fallback = await stack.ask(question('steady'));
    assert.deepEqual(fallback.body.meta.parts.steady, { source: 'fallback', reason: 'store-down' });
    const nothing = await stack.ask(question('bare'));
    assertProblem(nothing, 'store-down');
    assert.ok(nothing.headers.has('retry-after'));
  });

  test('the queue, after the cache has lost its entries: what was given before is given still', async () => {
    const asked = question('bare');
    await stack.put(asked, [{ key: 'fresh', stamp: 'new' }], 0);
    assert.equal((await stack.ask(asked)).body.meta.source, 'fresh');
    await cache.restartEmpty();
    await untilWell();
    await queue.kill();
    // With a wish: ready answers are asked by nobody who has one, and soon not believed without the queue.
    const { status, body } = await stack.ask(asked, { 'cache-control': 'max-stale=60' });
    assert.equal(status, 200);
    assert.equal(body.data[0].stamp, 'new');
    assert.equal(body.meta.source, 'fresh');
  });

  test('the cache, for a moment: what was stored before is not passed off as computed for the caller', async () => {
    const asked = question('bare');
    await stack.put(asked, [{ key: 'stored', stamp: 'before' }], 60_000);
    cache.freeze();
    const answer = stack.ask(asked);
    const lease = `{${stack.fingerprintOf(asked)}}:lease`;
    await until(async () => (await stack.queueKeys()).some((key) => key.endsWith(lease)));
    cache.thaw();
    const { body } = await answer;
    assert.equal(body.data[0].stamp, 'before');
    assert.equal(body.meta.source, 'fresh');
    assert.ok(body.meta.ageSeconds >= 60);
    assert.deepEqual(await stack.jobsOf(asked), []);
  });

  test('the cache, for a moment: who refuses what is old does not get the entry that can be read again', async () => {
    const asked = await known('bare');
    await stack.faults([{ hang: true, match: { query: 'bare' } }]);
    cache.freeze();
    const answer = stack.ask(asked, { 'cache-control': 'max-stale=0' });
    const lease = `{${stack.fingerprintOf(asked)}}:lease`;
    await until(async () => (await stack.queueKeys()).some((key) => key.endsWith(lease)));
    cache.thaw();
    assertProblem(await answer, 'store-down');
  });

  test('the cache: fallbacks are served and say why, and nothing waits for the end of its time', async () => {
    await cache.kill();
    const { value, ms } = await timed(stack.ask(question('steady')));
    assert.equal(value.status, 200);
    assert.deepEqual(value.body.meta.parts.steady, { source: 'fallback', reason: 'store-down' });
    assertProblem(await stack.ask(question('bare')), 'store-down');
    assert.ok(ms < 4_900, `took ${ms} ms`);
  });

  test('the queue frozen: stale and fallback come without waiting for it', async () => {
    const stale = await known('patient');
    queue.freeze();
    const { value, ms } = await timed(stack.ask(stale));
    assert.equal(value.body.data[0].stamp, 'old');
    assert.equal(value.body.meta.source, 'stale');
    assert.ok(ms < 6_000, `took ${ms} ms`);
    const fallback = await stack.ask(question('steady'));
    assert.equal(fallback.body.meta.source, 'fallback');
  });

  test('the cache frozen: fallbacks come before their queries have run out of time', async () => {
    cache.freeze();
    const questions = Array.from({ length: 5 }, () => question('steady'));
    const answers = await Promise.all(questions.map((asked) => timed(stack.ask(asked))));
    for (const { value, ms } of answers) {
      assert.equal(value.status, 200);
      assert.deepEqual(value.body.meta.parts.steady, { source: 'fallback', reason: 'store-down' });
      assert.ok(ms < 4_900, `took ${ms} ms`);
    }
  });

  test('the cache, between two pages: what this process has seen is paged on, the rest is an error to come back from', async () => {
    const { body } = await stack.get('/api/v1/numbered-pages?key=between');
    const cursor = encodeURIComponent(body.meta.nextCursor);
    await cache.kill();
    const next = await stack.get(`/api/v1/numbered-pages?key=between&cursor=${cursor}`);
    assert.equal(next.status, 200);
    await stack.gateway.kill();
    await stack.gateway.restart();
    const answer = await stack.get(`/api/v1/numbered-pages?key=between&cursor=${cursor}`);
    assertProblem(answer, 'store-down');
    assert.ok(answer.headers.has('retry-after'));
  });

  test('the cache: nothing is run that could not be stored', async () => {
    await cache.kill();
    const asked = question('bare');
    assertProblem(await stack.ask(asked), 'store-down');
    assert.deepEqual(await stack.jobsOf(asked), []);
  });

  test('the cache, away in the middle of a flight: what was paid for is stored when it is back', async () => {
    await stack.faults([{ match: { query: 'patient' }, latencyMs: 1_500 }]);
    const asked = question('patient');
    const answer = stack.ask(asked);
    await until(async () => (await stack.jobsOf(asked)).length === 1);
    await cache.kill();
    await until(async () => (await stack.jobsOf(asked))[0]?.state === 'DONE');
    await cache.restart();
    const { status, body } = await answer;
    assert.equal(status, 200);
    assert.equal(body.data[0].key, asked.parameters['key']);
    assert.equal((await stack.jobsOf(asked)).length, 1);
    await stack.faults([]);
  });

  test('the cache: what this process has served before is served on, fresh or stale, with its true age', async () => {
    const fresh = question('bare');
    const freshAsOf = await stack.put(fresh, [{ key: 'fresh', stamp: 'seen' }], 60_000);
    const stale = await known('behind');
    await stack.faults([{ match: { query: 'behind' }, hang: true }]);
    await stack.ask(fresh);
    await stack.ask(stale);
    await cache.kill();
    const { body } = await stack.ask(fresh);
    assert.deepEqual([body.meta.source, body.data[0].stamp], ['fresh', 'seen']);
    assert.equal(Date.parse(body.meta.asOf), freshAsOf);
    const served = await stack.ask(stale);
    assert.equal(served.body.meta.source, 'stale');
    await stack.faults([]);
  });

  test('both empty all at once: answers are good and nobody gets the rows of another', async () => {
    const asked = question('bare');
    await stack.ask(asked);
    await stack.forgetStored();
    await stack.forgetQueue();
    const again = await stack.ask(asked);
    // Fresh from memory when a busy machine reads the store too slowly.
    assert.match(again.body.meta.source, /^(live|fresh)$/);
    assert.equal(again.body.data[0].key, asked.parameters['key']);
    assert.equal((await stack.ask(asked)).body.meta.source, 'fresh');
  });

  test('the queue restarted in the middle of a flight: its waiter is answered from it', async () => {
    await stack.faults([{ match: { query: 'patient' }, latencyMs: 2_500 }]);
    const asked = question('patient');
    const answer = stack.ask(asked);
    await until(async () => (await stack.jobsOf(asked)).length === 1);
    await queue.kill();
    await queue.restart();
    const { status, body } = await answer;
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(body.meta.source, 'live');
    assert.equal((await stack.jobsOf(asked)).length, 1);
  });

  test('both away while gateway and worker start: they start, answer, and recover by themselves', async () => {
    await Promise.all([queue.kill(), cache.kill()]);
    await Promise.all([stack.gateway.kill(), stack.workers[0]?.kill()]);
    await Promise.all([stack.gateway.restart(), stack.workers[0]?.restart()]);
    const { status, body } = await stack.ask(question('steady'));
    assert.equal(status, 200);
    assert.equal(body.meta.source, 'fallback');
    assert.equal((await stack.get('/readyz')).status, 503);
    assert.equal((await stack.get('/healthz')).status, 200);
    await Promise.all([queue.restart(), cache.restart()]);
    await untilWell();
    assert.equal((await stack.get('/readyz')).status, 200);
  });
});
