import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { invalidate as invalidateCommand } from '../../cli/commands/invalidate.ts';
import { createEpochStore } from '../../shared/epochs/epoch-store.ts';
import { createQueryTables } from '../../shared/epochs/query-tables.ts';
import { monotonicClock } from '../../shared/clock.ts';
import { connectRedis } from '../../shared/redis/connect.ts';
import { QUERY_TABLES_KEY } from '../../shared/redis/keys.ts';
import type { Answer } from '../get.ts';
import { send } from '../shared/send.ts';
import { until } from '../until.ts';
import { assertProblem } from './assert-problem.ts';
import { loadDuring } from './load-during.ts';
import { type Asked, pathOf, withClaims } from './with-claims.ts';

/** A query as the catalog's route tells it. */
interface ServedQuery {
  readonly name: string;
  readonly version: string;
}

const hourMs = 3_600_000;
const asOfOf = ({ body }: Answer) => Date.parse(body.meta.asOf);

describe('an invalidation, over two gateway processes', async () => {
  const stack = await withClaims({ env: { GATEWAY_PROCESSES: '2', TABLE_WATCH: 'off' } });
  const [queue, cache] = [stack.redis.queueUrl, stack.redis.cacheUrl].map((url) =>
    connectRedis(url, 'subscriber', { onError: () => {} }),
  );
  assert.ok(queue && cache);
  after(async () => {
    queue.disconnect();
    cache.disconnect();
    await stack.stop();
  });
  const tables = createQueryTables(queue);
  const epochs = createEpochStore({ cache, queue });
  beforeEach(() => stack.faults([]));
  const { admin } = stack.addresses;
  assert.ok(admin);
  const invalidate = async (body: object) => {
    const answer = await send(`${admin}/admin/v1/invalidate`, 'POST', JSON.stringify(body));
    assert.equal(answer.status, 200, answer.text);
    return { ...answer.body.data, at: Date.parse(answer.body.data.at) };
  };
  const bare = (key: string): Asked => ({ query: 'bare', parameters: { key } });
  /** Both processes have heard of it: asking for what is stored, and for no flight, comes to this everywhere. */
  const untilEverywhere = (path: string, source: string | undefined) =>
    until(
      async () => {
        const asking = Array.from({ length: 16 }, () =>
          stack.get(path, { 'Cache-Control': 'only-if-cached' }),
        );
        return (await Promise.all(asking)).every(({ body }) => body.meta?.source === source);
      },
      { what: `${path} is ${source ?? 'no answer'} in both processes` },
    );
  const command = (words: string[], options: Record<string, string> = {}) =>
    invalidateCommand.run({
      words,
      options: new Map(Object.entries({ admin, ...options })),
      json: false,
      env: {},
    });

  test('that is soft makes an entry stale at once, and a newer one follows behind the answer', async () => {
    const asked = bare('soft');
    const before = await stack.ask(asked);
    await until(async () => (await stack.ask(asked)).body.meta.source === 'fresh');
    await stack.faults([{ match: { query: 'bare' }, latencyMs: 400 }]);
    const { at } = await invalidate({ query: 'bare' });
    await untilEverywhere(pathOf(asked), 'stale');
    const stale = await stack.ask(asked);
    assert.equal(stale.body.meta.source, 'stale');
    assert.equal(stale.body.meta.parts.bare.reason, 'revalidating');
    assert.equal(stale.body.meta.asOf, before.body.meta.asOf);
    assert.match(stale.headers.get('cache-control') ?? '', /max-age=0, must-revalidate/);
    assert.match(stale.headers.get('cache-status') ?? '', /hit; ttl=-?\d; detail=revalidating/);
    const fresh = await until(async () => {
      const answer = await stack.ask(asked);
      return answer.body.meta.source === 'fresh' && answer;
    });
    assert.ok(asOfOf(fresh) > at);
    assert.equal((await stack.jobsOf(asked)).length, 2);
  });

  test('that is soft leaves nothing for a caller who takes nothing stale but what is live', async () => {
    const asked = bare('strict');
    await stack.ask(asked);
    const { at } = await invalidate({ query: 'bare' });
    await untilEverywhere(pathOf(asked), 'stale');
    const live = await stack.ask(asked, { 'Cache-Control': 'max-stale=0' });
    assert.equal(live.body.meta.source, 'live');
    assert.ok(asOfOf(live) > at);
    await invalidate({ query: 'bare' });
    await untilEverywhere(pathOf(asked), 'stale');
    await stack.faults([{ match: { query: '*' }, error: { status: 503, reason: 'backendError' } }]);
    const refused = await stack.ask(asked, { 'Cache-Control': 'max-stale=0, only-if-cached' });
    assertProblem(refused, 'timeout');
  });

  test('that purges makes an entry count as never stored, whatever the warehouse can do', async () => {
    const asked = bare('purged');
    const before = await stack.ask(asked);
    await stack.faults([{ match: { query: '*' }, error: { status: 503, reason: 'backendError' } }]);
    await invalidate({ fingerprint: stack.fingerprintOf(asked), mode: 'purge' });
    await untilEverywhere(pathOf(asked), undefined);
    assertProblem(await stack.ask(asked), 'warehouse-failed');
    await stack.faults([]);
    const live = await until(async () => {
      const answer = await stack.ask(asked);
      return answer.status === 200 && answer;
    });
    assert.ok(asOfOf(live) > asOfOf(before));
  });

  test('that purges takes the pages of a list with it', async () => {
    const path = '/api/v1/numbered-pages?key=paged';
    const { body } = await stack.get(path);
    const next = `${path}&cursor=${encodeURIComponent(body.meta.nextCursor)}`;
    assert.equal((await stack.get(next)).status, 200);
    await invalidate({ query: 'numbered', mode: 'soft' });
    await untilEverywhere(next, 'stale');
    assert.equal((await stack.get(next)).body.meta.source, 'stale');
    await invalidate({ query: 'numbered', mode: 'purge' });
    await untilEverywhere(next, undefined);
    assertProblem(await stack.get(next), 'cursor-expired');
  });

  for (const mode of ['soft', 'purge'])
    test(`during a flight keeps what that has read from being fresh: ${mode}`, async () => {
      const asked = { query: 'patient', parameters: { key: `in the air ${mode}` } };
      const stored = { query: 'patient', parameters: { key: `stored ${mode}` } };
      await stack.put(stored, [{ key: 'stored', stamp: 'old' }], 1_000);
      await stack.faults([{ match: { query: 'patient' }, latencyMs: 4_000 }]);
      const early = stack.ask(asked);
      await until(async () => (await stack.jobsOf(asked)).length === 1);
      const { at } = await invalidate({ query: 'patient', mode });
      await untilEverywhere(pathOf(stored), mode === 'soft' ? 'stale' : undefined);
      const late = await Promise.all([1, 2, 3, 4].map(() => stack.ask(asked)));
      for (const answer of late) {
        assert.equal(answer.body.meta.source, 'live', answer.text);
        assert.ok(asOfOf(answer) > at, 'who asks after it is given what was read after it');
      }
      assert.equal((await early).status, 200);
      const { body } = await stack.ask(asked);
      assert.equal(body.meta.source, 'fresh');
      assert.ok(Date.parse(body.meta.asOf) > at);
      assert.equal((await stack.jobsOf(asked)).length, 2);
    });

  test('that purges under load leaves nothing of it after a second, and fails nobody', async () => {
    const asked = bare('load');
    const first = await stack.ask(asked);
    const { value, answers, perSecond } = await loadDuring(
      () => stack.ask(asked),
      async (answered) => {
        await answered(1_000);
        const { at } = await invalidate({ query: 'bare', mode: 'purge' });
        const doneMs = performance.now();
        await answered(1_000);
        await until(() => performance.now() > doneMs + 1_500);
        return { at, doneMs };
      },
    );
    const failed = answers.filter(({ answer }) => answer.status !== 200);
    assert.deepEqual(failed, []);
    const isPurged = (answer: Answer) => asOfOf(answer) <= value.at;
    const purged = answers.filter(({ answer }) => isPurged(answer));
    assert.ok(purged.length > 0 && purged.length < answers.length);
    assert.equal(purged[0]?.answer.body.meta.asOf, first.body.meta.asOf);
    const lastMs = Math.max(...purged.map(({ askedAtMs }) => askedAtMs));
    console.log(
      `${perSecond} per second; last given ${Math.round(lastMs - value.doneMs)} ms after`,
    );
    assert.ok(lastMs <= value.doneMs + 1_000);
    assert.equal((await stack.jobsOf(asked)).length, 2);
  });

  test('is what it takes to refresh an entry whose tables are seen unchanged', async () => {
    const asked = { query: 'unchanging', parameters: { key: 'watched' } };
    const asOf = await stack.put(asked, [{ key: 'watched', stamp: 'old' }], hourMs);
    await epochs.confirmUnchanged(['unchanging'], monotonicClock.now());
    await untilEverywhere(pathOf(asked), 'fresh');
    for (const _ of [1, 2, 3, 4]) {
      const fresh = await stack.ask(asked);
      assert.equal(fresh.body.meta.source, 'fresh');
      assert.equal(fresh.body.meta.ageSeconds >= hourMs / 1_000, true);
      assert.match(fresh.headers.get('cache-status') ?? '', /; hit; ttl=(90|8\d)$/);
    }
    assert.deepEqual(await stack.jobsOf(asked), []);
    await epochs.invalidate({ queries: ['unchanging'] }, 'soft', monotonicClock.now());
    await until(async () => (await stack.ask(asked)).body.meta.parts.unchanging.reason);
    await stack.untilNewer(asked, asOf);
    assert.equal((await stack.ask(asked)).body.meta.source, 'fresh');
    const past = { query: 'unchanging', parameters: { key: 'past its bound' } };
    await stack.put(past, [{ key: 'past', stamp: 'old' }], 2 * hourMs);
    assert.equal((await stack.ask(past)).body.meta.source, 'live');
  });

  test('by table reaches the queries that read it, and those of which that is not known', async () => {
    const catalog = (await stack.get('/api/v1/queries')).body.data.queries as ServedQuery[];
    assert.ok(catalog.length > 3);
    // Nobody finds out meanwhile what is to be unknown.
    const [worker] = stack.workers;
    await worker?.stop();
    await queue.hdel(QUERY_TABLES_KEY, 'behind');
    for (const { name, version } of catalog)
      if (name !== 'behind')
        await tables.write(name, version, name === 'bare' ? ['p.shop.sales'] : ['p.shop.other']);
    const { queries, unknown } = await invalidate({ table: 'shop.sales' });
    await worker?.restart();
    assert.deepEqual([queries, unknown], [['bare', 'behind'], ['behind']]);
  });

  test('is counted, and told in the log', async () => {
    await invalidate({ query: 'steady', mode: 'purge' });
    const metrics = await (await fetch(`${admin}/metrics`)).text();
    assert.match(metrics, /punctual_invalidations_total\{by="query",mode="purge"\} [1-9]/);
    const told = /"by":"query","mode":"purge","queries":\["steady"\]/;
    await until(async () => told.test(await stack.log('gateway')));
  });

  test('is made from the command line', async () => {
    const asked = bare('by command');
    await stack.ask(asked);
    const done = await command(['bare']);
    assert.match(done.text, /^soft: what was read up to 20\S+Z\nof bare$/);
    assert.equal(done.exitCode, 0);
    await untilEverywhere(pathOf(asked), 'stale');
    assert.equal((await stack.ask(asked)).body.meta.source, 'stale');
    assert.match((await command([], { all: '', mode: 'purge' })).text, /^purge: .*\nof .*bare, /);
    const failed = await command(['nobody']);
    assert.equal(failed.exitCode, 1);
    assert.match(failed.text, /No query has this name/);
    await assert.rejects(command(['bare'], { mode: 'hard' }), { message: /soft or purge/ });
    await assert.rejects(command(['bare'], { all: '' }), { message: /Name one/ });
    await assert.rejects(command([]), { message: /Name one/ });
  });
});
