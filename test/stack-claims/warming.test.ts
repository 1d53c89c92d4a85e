import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { warm } from '../../cli/commands/warm.ts';
import { getFrom } from '../get.ts';
import { assertRefused, send } from '../shared/send.ts';
import { until } from '../until.ts';
import { warmingOf } from './warming-of.ts';
import { type Asked, withClaims } from './with-claims.ts';

const error = (status: number, reason: string, times: number | null) => [
  { match: { query: 'warmed*' }, error: { status, reason }, times },
];

describe('a warming run', async () => {
  const stack = await withClaims();
  after(() => stack.stop());
  const { admin } = stack.addresses;
  const runs = warmingOf(stack);
  const declared: readonly Asked[] = [
    { query: 'warmed', parameters: { key: 'a' } },
    { query: 'warmed', parameters: { key: 'b' } },
    { query: 'warmed', parameters: { key: 'c', size: 2 } },
  ];
  await until(async () => (await getFrom(`${admin}/admin/v1/warm`)).body.data.length > 0);

  test('runs the sets that are declared before anybody asks', async () => {
    const run = await runs.run('warmed');
    const { total, flown, skipped, failed, state } = run;
    assert.deepEqual(
      { total, flown, skipped, failed, state },
      { total: 3, flown: 3, skipped: 0, failed: 0, state: 'done' },
    );
    await stack.forgetJobs();
    for (const asked of declared) {
      assert.equal((await stack.stored(asked))?.warmed, true);
      assert.equal((await stack.ask(asked)).body.meta.source, 'fresh');
    }
    assert.deepEqual(await stack.jobs(), []);
  });

  test('leaves what is fresh until the next run', async () => {
    await stack.forgetJobs();
    const { flown, skipped, state } = await runs.run('warmed');
    assert.deepEqual({ flown, skipped, state }, { flown: 0, skipped: 3, state: 'done' });
    assert.deepEqual(await stack.jobs(), []);
  });

  test('tells how many of its keys were of use', async () => {
    const unused = { query: 'warmed', parameters: { key: 'nobody has warmed it' } };
    await stack.ask(unused);
    await stack.ask(unused);
    const report = await until(async () => {
      const { data } = await runs.report('warmed');
      return data.hit >= 3 ? data : undefined;
    });
    assert.equal(report.warmed, 3);
    assert.equal(report.hit, 3);
    assert.equal(report.share, 1);
    assert.match(
      (await getFrom(`${admin}/metrics`)).text,
      /^punctual_warm_hits_total\{query="warmed"\} 3$/m,
    );
  });

  test('runs the sets that another query lists, and counts a row that is none', async () => {
    const run = await runs.run('warmed-listed');
    assert.deepEqual(
      [run.total, run.flown, run.skipped, run.failed, run.state],
      [12, 11, 0, 1, 'done'],
    );
    const keys = [1, 3, 12].map((rank) => ({
      query: 'warmed-listed',
      parameters: { key: `key ${rank}` },
    }));
    for (const asked of keys) assert.equal((await stack.stored(asked))?.warmed, true);
  });

  test('and people who ask for the same cost one job for each fingerprint', async () => {
    const asked = ['a', 'b'].map((key) => ({ query: 'warmed-briskly', parameters: { key } }));
    await stack.faults([{ match: { query: 'warmed-briskly' }, latencyMs: 2_000 }]);
    const [run, ...answers] = await Promise.all([
      runs.run('warmed-briskly'),
      ...Array.from({ length: 30 }, (_, index) => stack.ask(asked[index % 2] as Asked)),
    ]);
    await stack.faults([]);
    // Who comes when it has landed already is given the same, from the store.
    const sources = new Set(answers.map(({ status, body }) => `${status} ${body.meta?.source}`));
    assert.ok(sources.isSubsetOf(new Set(['200 live', '200 fresh'])), [...sources].join());
    assert.equal(run.failed, 0);
    for (const one of asked) assert.equal((await stack.jobsOf(one)).length, 1);
  });

  test('counts a set that fails, and flies the others', async () => {
    await stack.forgetStored();
    await stack.faults(error(400, 'invalidQuery', 1));
    const { flown, failed, state } = await runs.run('warmed');
    assert.deepEqual({ flown, failed, state }, { flown: 2, failed: 1, state: 'done' });
  });

  test('stops where the quota is used up', async () => {
    await stack.forgetStored();
    await stack.forgetJobs();
    await stack.ask({ query: 'warming-keys', parameters: { most: 12 } });
    await stack.faults(error(403, 'quotaExceeded', null));
    const run = await runs.run('warmed-listed');
    await stack.faults([]);
    assert.equal(run.state, 'quota');
    assert.equal(run.mishaps, 1);
    assert.ok(run.failed < run.total, JSON.stringify(run));
    const again = await runs.run('warmed-listed');
    assert.equal(again.state, 'done');
    assert.equal(again.mishaps, 0);
  });

  test('is started and reported on from the command line', async () => {
    const command = (words: string[], ...options: string[]) =>
      warm.run({
        words,
        options: new Map([['admin', admin ?? ''], ...options.map((name) => [name, ''] as const)]),
        json: true,
        env: {},
      });
    await stack.forgetStored();
    const one = await command(['warmed']);
    assert.equal(one.exitCode, 0);
    assert.match(one.text, /^warmed +done +3 +0 +0 /m);
    const all = await command(['warmed', 'warmed-listed']);
    assert.equal(all.exitCode, 1, 'one of the listed rows is no set');
    assert.match(all.text, /^warmed +done +0 +3 +0 /m);
    assert.match(all.text, /^warmed-listed +done +11 +0 +1 /m);
    const report = await command(['warmed'], 'report');
    assert.match(report.text, /^warmed +3 +3 +100 % +20.*done +0 +3 +0$/m);
    await assert.rejects(command(['nobody']), {
      message: /how to warm nobody; there is .*warmed-listed/,
    });
  });

  test('is refused for what says nothing of it', async () => {
    assertRefused(await runs.start('bare'), 'not-found');
    assertRefused(await getFrom(`${admin}/admin/v1/warm/bare`), 'not-found');
    for (const body of ['{}', '[]', 'null', '{"query":1}', '{"query":"warmed","now":true}'])
      assertRefused(await send(`${admin}/admin/v1/warm`, 'POST', body), 'invalid-body');
  });

  test('does not happen by itself when the settings say so', async () => {
    const keys = await stack.queueKeys();
    assert.ok(!keys.some((key) => key.includes('warming:repeat')), keys.join(' '));
  });
});
