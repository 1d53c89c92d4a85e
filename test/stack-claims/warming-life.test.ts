import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { test } from 'node:test';
import { until } from '../until.ts';
import { warmingOf } from './warming-of.ts';
import { pathOf, withClaims } from './with-claims.ts';

for (const how of ['kill', 'stop'] as const)
  test(`a run whose worker ends by ${how} is gone on with, and nothing is paid for twice`, async () => {
    await using stack = await withClaims({ env: { WARM_CONCURRENCY: '1' } });
    const [worker] = stack.workers;
    assert.ok(worker);
    const runs = warmingOf(stack);
    const started = await until(async () => {
      const { status, body } = await runs.start('warmed-listed');
      return status === 202 && body.data;
    });
    await stack.faults([{ match: { query: 'warmed-listed' }, latencyMs: 300 }]);
    await until(async () => (await stack.jobs()).length >= 4);
    await worker[how]();
    await worker.restart();
    const run = await runs.ended('warmed-listed', started.id);
    assert.deepEqual(
      [run.total, run.flown + run.skipped, run.failed, run.state],
      [12, 11, 1, 'done'],
      JSON.stringify(run),
    );
    for (const rank of [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) {
      const asked = { query: 'warmed-listed', parameters: { key: `key ${rank}` } };
      assert.equal((await stack.jobsOf(asked)).length, 1, `key ${rank}`);
    }
  });

test('a run waits while its query is switched', async () => {
  await using stack = await withClaims();
  const [worker] = stack.workers;
  assert.ok(worker);
  const runs = warmingOf(stack);
  await until(async () => (await runs.report('warmed')).data);
  const mode = (value: string) =>
    fetch(`${stack.addresses.admin}/admin/v1/queries/warmed/switch`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ mode: value }),
    });
  // A worker that starts knows the switches; one that runs would be told at some time.
  await worker.stop();
  await mode('frozen');
  await worker.restart();
  const { body } = await runs.start('warmed');
  const jobs = async () => (await stack.jobs()).filter(({ query }) => query === 'warmed').length;
  // In the same worker, and later.
  assert.equal((await runs.run('warmed-briskly')).flown, 2);
  assert.equal(await jobs(), 0);
  assert.equal((await runs.report('warmed')).data.lastRun, undefined);
  await mode('normal');
  const run = await runs.ended('warmed', body.data.id);
  assert.equal(run.flown, 3);
  assert.equal(await jobs(), 3);
});

test('who asks for a declared set finds it fresh, over several of its lives', async () => {
  await using stack = await withClaims({ env: { WARM: 'on' } });
  const runs = warmingOf(stack);
  const report = async () => (await runs.report('warmed-briskly')).data;
  const first = await until(async () => (await report())?.lastRun?.flown === 2 && report());
  const sources = new Map<string, number>();
  const seen = new Set<string>();
  await until(
    async () => {
      for (const key of ['a', 'b']) {
        const { body } = await stack.ask({ query: 'warmed-briskly', parameters: { key } });
        sources.set(body.meta.source, (sources.get(body.meta.source) ?? 0) + 1);
        seen.add(body.data[0].stamp);
      }
      return seen.size >= 2 * 4;
    },
    { withinMs: 60_000, what: 'four lives of both sets' },
  );
  const all = [...sources.values()].reduce((sum, count) => sum + count, 0);
  const fresh = sources.get('fresh') ?? 0;
  assert.ok(all > 500, `${all} answers`);
  assert.ok(fresh / all >= 0.99, JSON.stringify([...sources]));
  const last = await until(async () => {
    const now = await report();
    return now.lastRun.id !== first.lastRun.id && now.hit >= 2 && now;
  });
  assert.equal(last.share, 1);
  assert.match(last.lastRun.id, /^repeat:warmed-briskly:/);
});

test('what different callers ask for is learned, and what one asks for is not', async () => {
  await using stack = await withClaims({ env: { WARM: 'on' } });
  const runs = warmingOf(stack);
  const asked = (key: string) => ({ query: 'warmed-learned', parameters: { key } });
  await until(async () => (await runs.report('warmed-learned')).data?.lastRun);
  await stack.faults([{ match: { query: 'warmed-learned' }, latencyMs: 300 }]);
  for (const [key, ...addresses] of [
    ['wanted', '127.0.0.1', '127.0.0.2', '127.0.0.3'],
    ['lonely', '127.0.0.1', '127.0.0.1', '127.0.0.1'],
    ['seen once', '127.0.0.2'],
  ] as const)
    for (const address of addresses)
      await askFrom(address, `${stack.addresses.gateway}${pathOf(asked(key))}`);
  const run = await until(
    async () => {
      await stack.forgetStored();
      const ended = await runs.run('warmed-learned');
      return ended.total > 0 && ended;
    },
    { withinMs: 30_000, everyMs: 500 },
  );
  assert.deepEqual([run.total, run.flown, run.state], [1, 1, 'done']);
  assert.equal((await stack.stored(asked('wanted')))?.warmed, true);
  assert.equal(await stack.stored(asked('lonely')), undefined);
});

/** GET from an address of this machine. */
async function askFrom(localAddress: string, url: string): Promise<void> {
  const asking = request(url, { localAddress, agent: false }).end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  assert.equal(response.statusCode, 200);
}
