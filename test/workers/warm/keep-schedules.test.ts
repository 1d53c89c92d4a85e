import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Query } from '../../../shared/catalog/catalog.ts';
import { readConfig } from '../../../shared/config.ts';
import { readWarmable } from '../../../shared/warm/warmable.ts';
import { openWarmingQueue, startWarming } from '../../../shared/warm/warming-queue.ts';
import { keepSchedules } from '../../../workers/warm/keep-schedules.ts';
import type { WorkerContext } from '../../../workers/worker-context.ts';
import { startTestRedis, type TestRedis } from '../../shared/with-redis.ts';
import { type Crew, musterCrew } from '../flight-crew.ts';
import { createScriptedWarehouse } from '../scripted-threads.ts';

let redis: TestRedis;
let crew: Crew;
before(async () => {
  redis = await startTestRedis('queue');
  crew = await musterCrew(redis, createScriptedWarehouse(() => undefined).threadsOf(0));
});
after(async () => {
  crew.end();
  await redis[Symbol.asyncDispose]();
});

const openQueue = () => openWarmingQueue(crew.context.redis.queue, assert.fail);

/** A worker that warms these queries so often, in milliseconds. */
function warming(everyMs: Readonly<Record<string, number>>, env = {}): WorkerContext {
  const plain = crew.context.catalog.queries.get('plain') as Query;
  const queries = Object.entries(everyMs).map(([name, everyMs]): [string, Query] => [
    name,
    { ...plain, name, warm: { everyMs, sets: [{}], from: undefined, learned: 0 } },
  ]);
  const catalog = { queries: new Map(queries), endpoints: new Map() };
  return { ...crew.context, catalog, config: readConfig(env) };
}

async function schedules(): Promise<Record<string, number>> {
  const queue = openQueue();
  const standing = await queue.getJobSchedulers();
  await queue.close();
  return Object.fromEntries(standing.map(({ key, every }) => [key, Number(every)]));
}

async function tick(worker: WorkerContext): Promise<void> {
  const queue = openQueue();
  await keepSchedules(worker, queue).tick();
  await queue.close();
}

test('every query that is warmed has a schedule, however many workers start', async () => {
  const worker = warming({ often: 10_000, seldom: 60_000 });
  await Promise.all([tick(worker), tick(worker), tick(worker)]);
  await tick(worker);
  assert.deepEqual(await schedules(), { often: 10_000, seldom: 60_000 });
  const queue = openQueue();
  const jobs = await queue.getJobs(['waiting', 'delayed']);
  await queue.close();
  assert.deepEqual(jobs.map(({ name }) => name).sort(), ['often', 'seldom']);
  assert.deepEqual([...(await readWarmable(worker.redis.queue)).keys()].sort(), [
    'often',
    'seldom',
  ]);
});

test('a query that is not warmed any more loses its schedule, and another interval is taken over', async () => {
  await tick(warming({ often: 10_000, seldom: 60_000 }));
  await tick(warming({ often: 20_000 }));
  assert.deepEqual(await schedules(), { often: 20_000 });
});

test('what Redis has lost is scheduled again', async () => {
  const worker = warming({ often: 10_000 });
  const queue = openQueue();
  const keeping = keepSchedules(worker, queue);
  await keeping.tick();
  await worker.redis.queue.flushall();
  await keeping.tick();
  await queue.close();
  assert.deepEqual(await schedules(), { often: 10_000 });
  assert.deepEqual([...(await readWarmable(worker.redis.queue)).keys()], ['often']);
});

test('what a worker with another catalog has told stays told while both live', async () => {
  const queue = openQueue();
  const [older, newer] = [warming({ old: 10_000 }), warming({ new: 10_000 })];
  const keeping = keepSchedules(older, queue);
  await keeping.tick();
  await keepSchedules(newer, queue).tick();
  await keeping.tick();
  await queue.close();
  assert.deepEqual([...(await readWarmable(older.redis.queue)).keys()].sort(), ['new', 'old']);
});

test('with warming off there are no schedules, and people can still ask for runs', async () => {
  await tick(warming({ often: 10_000 }));
  const worker = warming({ often: 10_000 }, { WARM: 'off' });
  await tick(worker);
  assert.deepEqual(await schedules(), {});
  assert.deepEqual([...(await readWarmable(worker.redis.queue)).keys()], ['often']);
});

test('who asks for a run that waits already is told the id of that one', async () => {
  const queue = openQueue();
  const [first, second, other] = [
    await startWarming(queue, 'often'),
    await startWarming(queue, 'often'),
    await startWarming(queue, 'seldom'),
  ];
  await queue.close();
  assert.equal(second, first);
  assert.notEqual(other, first);
});
