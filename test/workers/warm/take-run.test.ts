import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Registry } from 'prom-client';
import type { Query } from '../../../shared/catalog/catalog.ts';
import type { WarmingJob } from '../../../shared/warm/warming-queue.ts';
import { type RunJob, takeRun } from '../../../workers/warm/take-run.ts';
import type { WorkerContext } from '../../../workers/worker-context.ts';
import { startTestRedis, type TestRedis } from '../../shared/with-redis.ts';
import { type Crew, musterCrew } from '../flight-crew.ts';
import { createScriptedWarehouse } from '../scripted-threads.ts';
import { warmingContext } from './warming-context.ts';

let redis: TestRedis;
let crew: Crew;
before(async () => {
  redis = await startTestRedis('queue');
  const warehouse = createScriptedWarehouse((run) => run.end('ok'));
  crew = await musterCrew(redis, warehouse.threadsOf(0));
});
after(async () => {
  crew.end();
  await redis[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await crew.context.redis.queue.flushall();
});

/** A worker of which the query `plain` is to be warmed. */
function warming(): WorkerContext {
  const plain = crew.context.catalog.queries.get('plain');
  assert.ok(plain);
  const warm = { everyMs: 60_000, sets: [{ key: 1 }], from: undefined, learned: 0 };
  const queries = new Map<string, Query>([['plain', { ...plain, warm }]]);
  return { ...crew.context, catalog: { queries, endpoints: new Map() } };
}

function jobFor(query: string, attemptsStarted = 1): RunJob & { data: WarmingJob } {
  return {
    id: '1',
    data: { query, by: 'person' },
    attemptsStarted,
    removeDeduplicationKey: async () => true,
    async updateData(data: WarmingJob) {
      this.data = data;
    },
    updateProgress: async () => undefined,
  };
}

const take = (job: RunJob, worker = warming(), stopping = new AbortController().signal) =>
  takeRun(warmingContext(worker, new Registry()), job, stopping);

test('a job is run, and says when it began', async () => {
  const job = jobFor('plain');
  assert.equal(await take(job), 'done');
  assert.ok(job.data.startedAt !== undefined);
});

test('what this catalog lacks is left to workers with another one, and told of when there is none', async () => {
  const told: string[] = [];
  const worker = warming();
  const events = { ...worker.events, fault: (kind: string) => void told.push(kind) };
  assert.equal(await take(jobFor('unknown', 1), { ...worker, events }), 'handed-on');
  assert.equal(await take(jobFor('unknown', 19), { ...worker, events }), 'handed-on');
  assert.deepEqual(told, []);
  assert.equal(await take(jobFor('unknown', 20), { ...worker, events }), 'foreign');
  assert.deepEqual(told, ['warm-foreign']);
});

test('a lease that cannot be asked for is asked for again', async () => {
  const { leases } = crew.context;
  let asked = 0;
  const flaky: WorkerContext['leases'] = {
    ...leases,
    async take(of, holder, job) {
      if (of === 'warming:plain' && ++asked === 1) throw new Error('the queue role is away');
      return leases.take(of, holder, job);
    },
  };
  assert.equal(await take(jobFor('plain'), { ...warming(), leases: flaky }), 'done');
  assert.equal(asked, 2);
});

test('a worker that ends hands its job on', async () => {
  assert.equal(await take(jobFor('plain'), warming(), AbortSignal.abort()), 'handed-on');
});
