import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Answer } from '../get.ts';
import { until } from '../until.ts';
import { withClaims } from './with-claims.ts';

const phasesOf = ({ headers }: Answer) =>
  new Map(
    (headers.get('server-timing') ?? '').split(', ').map((one) => {
      const [name = '', dur = ''] = one.split(';dur=');
      return [name, Number(dur)] as const;
    }),
  );
const isFromMemory = (answer: Answer) => [...phasesOf(answer).keys()].join() === 'memory,total';

describe('an answer that was given before', async () => {
  const stack = await withClaims({ env: { GATEWAY_PROCESSES: '2' } });
  after(() => stack.stop());
  /** From a process that has it in memory: there are two, and a connection goes to either. */
  const fromMemory = async (ask: () => Promise<Answer>): Promise<Answer> => {
    let answer = await ask();
    await until(async () => isFromMemory((answer = await ask())), { what: 'it is in memory' });
    return answer;
  };

  test('says where its time went: everything adds up, with the flight inside', async () => {
    const names = ['memory', 'redis', 'queue', 'run', 'encode', 'compose'];
    let flown = 0;
    // Of a flight whose landing was seen before it was heard nothing is known: then another one is flown.
    const live = await until(
      async () => {
        flown += 1;
        const told = phasesOf(
          await stack.ask({ query: 'bare', parameters: { key: `phases ${flown}` } }),
        );
        return names.every((name) => told.has(name)) && told;
      },
      { what: `an answer that tells of ${names.join(', ')}` },
    );
    const { total = 0, ...phases } = Object.fromEntries(live);
    const sum = Object.values(phases).reduce((one, other) => one + other, 0);
    assert.ok(Math.abs(sum - total) <= total * 0.02);
  });

  test('is the same from memory as from the store, and is told as fresh', async () => {
    const asked = { query: 'bare', parameters: { key: 'again' } };
    const live = await stack.ask(asked);
    const again = await fromMemory(() => stack.ask(asked));
    assert.equal(live.body.meta.source, 'live');
    assert.equal(again.body.meta.source, 'fresh');
    assert.deepEqual(again.body.data, live.body.data);
    assert.equal(again.headers.get('etag'), live.headers.get('etag'));
    assert.notEqual(again.body.meta.requestId, live.body.meta.requestId);
    assert.equal(again.headers.get('x-request-id'), again.body.meta.requestId);
    assert.equal((await stack.jobsOf(asked)).length, 1);
  });

  test('goes from the memory of every process once a newer entry stands there', async () => {
    const asked = { query: 'bare', parameters: { key: 'replaced' } };
    await fromMemory(() => stack.ask(asked));
    const { asOf } = (await stack.ask(asked, { 'Cache-Control': 'no-cache' })).body.meta;
    await until(
      async () => {
        const answers = await Promise.all(Array.from({ length: 8 }, () => stack.ask(asked)));
        return answers.every(({ body }) => body.meta.asOf === asOf);
      },
      { what: 'both processes give the newer one' },
    );
  });
});
