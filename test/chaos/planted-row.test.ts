import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { until } from '../until.ts';
import { ask } from './question.ts';
import { type Chaos, defineRow } from './row.ts';
import { createStreet } from './street.ts';

describe('a row', { skip: process.platform !== 'linux' }, async () => {
  const street = createStreet(false);
  after(() => street[Symbol.asyncDispose]());
  const planted = (run: (chaos: Chaos) => Promise<unknown>) =>
    street.run(
      defineRow({
        id: 'W0',
        title: 'planted',
        injected: 'nothing',
        quick: false,
        async run(chaos) {
          await run(chaos);
          return {};
        },
      }),
    );
  const once = { kind: 'at-once', count: 1 } as const;

  test('that breaks nothing passes, with its figures', async () => {
    const { passed, findings, figures } = await planted((chaos) => chaos.recovery());
    assert.deepEqual(findings, []);
    assert.ok(passed);
    assert.ok(Number(figures['requests']) > 50 && Number(figures['warehouseJobs']) > 0);
  });

  test('fails on whatever a judge finds, and on what it claims itself', async () => {
    const { passed, findings, claims } = await planted(async (chaos) => {
      const [serving = 0] = await chaos.processes.ask('serving');
      process.kill(serving, 'SIGKILL');
      await until(async () => !(await chaos.processes.ask('serving')).includes(serving));
      await chaos.store.ask('command', 'queue', 'SET', 'punctual:left', 'for ever');
      const { path } = ask('lasting', `${chaos.run}-asked`);
      const foreign = { ...ask('lasting', `${chaos.run}-other`), path };
      // A connection may have been handed to the process that was killed: then there is no answer to judge.
      await until(async () =>
        (await chaos.fire({ questions: foreign, arrival: once })).every(({ broken }) => !broken),
      );
      chaos.claim('two is three', false, 2);
    });
    assert.ok(!passed);
    const found = new Set(findings.map(({ invariant }) => invariant));
    for (const invariant of ['I3', 'I6', 'I8'] as const)
      assert.ok(found.has(invariant), `${invariant}: ${JSON.stringify(findings)}`);
    assert.deepEqual(claims, [{ what: 'two is three', isMet: false, got: 2 }]);
  });

  test('fails when it cannot go on, and the next one has a house that is well', async () => {
    const { findings } = await planted(async ({ stack }) => {
      stack.redis.queue?.freeze();
      throw new Error('planted');
    });
    assert.match(findings[0]?.what ?? '', /planted/);
    assert.ok((await planted((chaos) => chaos.recovery())).passed);
  });
});
