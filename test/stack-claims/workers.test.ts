import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { LEASE_MS } from '../../shared/flight/lease.ts';
import { until } from '../until.ts';
import { timed } from './timed.ts';
import { withClaims } from './with-claims.ts';

const slow = (latencyMs: number) => [{ match: { query: 'patient' }, latencyMs }];

describe('workers', () => {
  test("a killed worker's job is answered by another, which picks up the same warehouse job", async () => {
    await using stack = await withClaims({ workers: 2, env: { ANSWER_WITHIN: '19s' } });
    const [doomed, heir] = stack.workers;
    await heir?.stop();
    await stack.faults(slow(6_000));
    const asked = { query: 'patient', parameters: { key: 'inherited' } };
    const answer = stack.ask(asked);
    const restarting = heir?.restart();
    await until(async () => (await stack.jobsOf(asked)).length === 1);
    await doomed?.kill();
    await restarting;
    const { status, body } = await answer;
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(body.meta.source, 'live');
    const jobs = await stack.jobsOf(asked);
    assert.deepEqual(
      jobs.map(({ cancelled }) => cancelled),
      [false],
    );
  });

  test('a worker that loses its lease leaves the warehouse job to whoever flies next', async () => {
    await using stack = await withClaims();
    await stack.faults(slow(7_000));
    const asked = { query: 'patient', parameters: { key: 'left' } };
    const answer = stack.ask(asked);
    await until(async () => (await stack.jobsOf(asked)).length === 1);
    stack.redis.queue?.freeze();
    // Nothing outside the worker says that it has given up; a lease lives for LEASE_MS.
    await sleep(LEASE_MS + 1_000);
    stack.redis.queue?.thaw();
    const { status, text } = await answer;
    assert.equal(status, 200, text);
    const jobs = await stack.jobsOf(asked);
    assert.deepEqual(
      jobs.map(({ cancelled }) => cancelled),
      [false],
    );
  });

  test('a worker that starts later takes what waits, and one that stops lets its flight end', async () => {
    await using stack = await withClaims();
    const [worker] = stack.workers;
    await worker?.stop();
    const waiting = { query: 'patient', parameters: { key: 'waiting' } };
    const answer = stack.ask(waiting);
    await until(async () => (await stack.queueKeys()).some((key) => key.endsWith(':live:wait')));
    await worker?.restart();
    assert.equal((await answer).body.meta?.source, 'live');

    await stack.faults(slow(1_500));
    const ending = { query: 'patient', parameters: { key: 'ending' } };
    const last = stack.ask(ending);
    await until(async () => (await stack.jobsOf(ending)).length === 1);
    const { ms } = await timed(worker?.stop() ?? Promise.reject(new Error('no worker')));
    assert.equal((await last).body.meta?.source, 'live');
    assert.ok(ms < 11_000, `stopping took ${ms} ms`);
    const [job] = await stack.jobsOf(ending);
    assert.equal(job?.cancelled, false);
  });

  test('a gateway that stops answers what it has accepted, and then goes', async () => {
    await using stack = await withClaims({ env: { GATEWAY_PROCESSES: '2' } });
    await stack.faults(slow(1_500));
    const questions = Array.from({ length: 30 }, (_, index) => ({
      query: 'patient',
      parameters: { key: `accepted ${index}` },
    }));
    const answers = questions.map((asked) => stack.ask(asked));
    await until(async () => (await stack.jobs()).length === questions.length);
    const { ms } = await timed(stack.gateway.stop());
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    assert.deepEqual([...new Set(statuses)], [200]);
    assert.ok(ms < 12_000, `stopping took ${ms} ms`);
    assert.equal(stack.gateway.isRunning(), false);
    await assert.rejects(stack.get('/healthz'));
  });
});
