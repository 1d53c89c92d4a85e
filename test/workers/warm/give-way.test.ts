import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createWorkerLoads } from '../../../shared/load/worker-loads.ts';
import { createFlightQueues } from '../../../shared/queue/flight-queues.ts';
import { waitingKeys } from '../../../shared/redis/keys.ts';
import { createGiveWay } from '../../../workers/warm/give-way.ts';
import type { RunInHand } from '../../../workers/warm/warming-context.ts';
import { planRun } from '../../../workers/warm/warming-plan.ts';
import type { WorkerContext } from '../../../workers/worker-context.ts';
import { newFingerprint } from '../../shared/entry/make-entry.ts';
import { startTestRedis, type TestRedis } from '../../shared/with-redis.ts';
import { until } from '../../until.ts';
import { type Crew, crewJob, musterCrew } from '../flight-crew.ts';
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

function runInHand(signal = new AbortController().signal): RunInHand {
  const plan = planRun(60_000, crew.context.clock.now());
  return { id: '1', plan, mishaps: 0, signal, onProgress: () => undefined };
}

/** Whether the way is free, as it becomes so. */
function ask(changes: Partial<WorkerContext>, run = runInHand()) {
  const loads = createWorkerLoads(crew.context.redis.queue);
  const giveWay = createGiveWay({ worker: { ...crew.context, ...changes }, loads });
  const seen = { free: false };
  const done = giveWay('plain', run).then(() => {
    seen.free = true;
  });
  return { seen, done };
}

/** Waits for a thing to happen several times: by then whoever looks has looked. */
async function after3(count: () => number): Promise<void> {
  const first = count();
  await until(() => count() >= first + 3);
}

test('with nothing in the way it is free at once', async () => {
  const { seen, done } = ask({});
  await done;
  assert.equal(seen.free, true);
});

test('flights that wait in the live queue go first', async () => {
  const queues = createFlightQueues(crew.context.redis.queue, assert.fail);
  await queues.add(crewJob(newFingerprint()));
  let looks = 0;
  const newsOfBreaker = async () => void looks++;
  const { seen, done } = ask({ newsOfBreaker });
  await after3(() => looks);
  assert.equal(seen.free, false);
  await crew.context.redis.queue.del(...waitingKeys('live'));
  await done;
  await queues.close();
});

test('a breaker that is open, here or in the gateways, and a switch are waited out', async () => {
  let looks = 0;
  let isOver = false;
  const note = <T>(blocked: T, free: T): T => {
    looks++;
    return isOver ? free : blocked;
  };
  const opened = { kind: 'opened', order: 1, by: 'x' } as const;
  const warehouseBreaker = {
    ...crew.context.warehouseBreaker,
    get state() {
      return note<'open' | 'half-open'>('open', 'half-open');
    },
  };
  const obstacles: Partial<WorkerContext>[] = [
    { warehouseBreaker },
    { newsOfBreaker: async () => ({ ...opened, forMs: note(1_500, 1) }) },
    { modeOf: () => note<'frozen' | 'normal'>('frozen', 'normal') },
  ];
  for (const obstacle of obstacles) {
    isOver = false;
    const { seen, done } = ask(obstacle);
    await after3(() => looks);
    assert.equal(seen.free, false, Object.keys(obstacle).join());
    isOver = true;
    await done;
  }
});

test('a run that is stopped waits no longer', async () => {
  const stopping = new AbortController();
  const { seen, done } = ask({ modeOf: () => 'frozen' }, runInHand(stopping.signal));
  await turn();
  assert.equal(seen.free, false);
  stopping.abort();
  await done;
});
