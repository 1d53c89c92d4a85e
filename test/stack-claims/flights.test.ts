import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { until } from '../until.ts';
import { timed } from './timed.ts';
import { withClaims } from './with-claims.ts';

describe('flights over two gateway processes', async () => {
  const stack = await withClaims({ env: { GATEWAY_PROCESSES: '2' } });
  after(() => stack.stop());
  beforeEach(() => stack.faults([]));
  const slow = (latencyMs: number) => stack.faults([{ match: { query: 'patient' }, latencyMs }]);

  test('five parts that take 2 s each answer in about 2 s, not 10', async () => {
    await slow(2_000);
    const { value, ms } = await timed(stack.get('/api/v1/five-parts?key=five'));
    assert.equal(value.status, 200, value.text);
    assert.deepEqual(Object.keys(value.body.data), ['first', 'second', 'third', 'fourth', 'fifth']);
    assert.equal(value.body.meta.source, 'live');
    assert.equal(value.body.data.third[0].key, 'five 3');
    assert.ok(ms >= 1_900 && ms < 6_000, `took ${ms} ms`);
  });

  test('a second identical request joins the first flight', async () => {
    await slow(3_000);
    const asked = { query: 'patient', parameters: { key: 'joined' } };
    const first = stack.ask(asked);
    await until(async () => (await stack.jobsOf(asked)).length === 1);
    const answers = await Promise.all([first, stack.ask(asked), stack.ask(asked)]);
    const stamps = new Set(answers.map(({ body }) => body.data[0].stamp));
    assert.equal(stamps.size, 1);
    assert.deepEqual(
      answers.map(({ body }) => body.meta.source),
      ['live', 'live', 'live'],
    );
    assert.match(answers[1]?.headers.get('cache-status') ?? '', /; collapsed/);
    assert.equal((await stack.jobsOf(asked)).length, 1);
  });

  test('200 identical requests at once are one warehouse job', async () => {
    await slow(500);
    const asked = { query: 'patient', parameters: { key: 'crowd' } };
    const answers = await Promise.all(Array.from({ length: 200 }, () => stack.ask(asked)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal(new Set(answers.map(({ body }) => body.data[0].stamp)).size, 1);
    assert.equal((await stack.jobsOf(asked)).length, 1);
  });

  test('different parameters fly apart, and each caller gets his own rows', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `apart ${index}`);
    const questions = keys.map((key) => ({ query: 'patient', parameters: { key } }));
    const answers = await Promise.all(questions.map((asked) => stack.ask(asked)));
    assert.deepEqual(
      answers.map(({ body }) => body.data[0].key),
      keys,
    );
    const jobs = await Promise.all(questions.map((asked) => stack.jobsOf(asked)));
    assert.ok(jobs.every(({ length }) => length === 1));
  });

  test('parameters in another order, or with their defaults spelled out, are the same question', async () => {
    const asked = { query: 'steady', parameters: { key: 'same' } };
    const { body: first } = await stack.ask(asked);
    const { body: second } = await stack.get('/api/v1/queries/steady?size=1&key=same');
    const { body: third } = await stack.get('/api/v1/queries/steady?key=same&size=1');
    assert.deepEqual([second.meta.source, third.meta.source], ['fresh', 'fresh']);
    assert.deepEqual([second.data, third.data], [first.data, first.data]);
    assert.equal((await stack.jobsOf(asked)).length, 1);
  });

  test('one caller who gives up takes nothing from the others', async () => {
    await slow(1_500);
    const asked = { query: 'patient', parameters: { key: 'impatient' } };
    const [hasty, patient] = await Promise.all([
      stack.ask(asked, { 'Request-Timeout': '0.3' }),
      stack.ask(asked),
    ]);
    assert.equal(hasty.body.code, 'timeout');
    assert.equal(patient.body.meta.source, 'live');
    assert.equal((await stack.jobsOf(asked)).length, 1);
  });

  test('a caller who hangs up in the middle leaves the flight to the next one', async () => {
    await slow(1_000);
    const asked = { query: 'patient', parameters: { key: 'hung up' } };
    const leaving = new AbortController();
    const left = fetch(`${stack.addresses.gateway}/api/v1/queries/patient?key=hung+up`, {
      signal: leaving.signal,
    }).catch(() => 'left');
    await until(async () => (await stack.jobsOf(asked)).length === 1);
    leaving.abort();
    assert.equal(await left, 'left');
    assert.equal((await stack.ask(asked)).status, 200);
    assert.equal((await stack.jobsOf(asked)).length, 1);
  });

  test('nothing of a landed flight is left in the queue role but what goes away by itself', async () => {
    const asked = { query: 'steady', parameters: { key: 'tidy' } };
    await stack.ask(asked);
    const mark = stack.fingerprintOf(asked);
    await until(async () => {
      const keys = await stack.queueKeys();
      return (
        keys.filter((key) => key.includes(mark) && !/:(landing|wants)$/.test(key)).length === 0
      );
    });
  });
});
