import { DelayedError, type Job, Worker } from 'bullmq';
import pTimeout from 'p-timeout';
import { connectRedis } from '../../shared/redis/connect.ts';
import { QUEUE_PREFIX } from '../../shared/redis/keys.ts';
import { createWorkerLoads } from '../../shared/load/worker-loads.ts';
import { createDemand } from '../../shared/warm/demand.ts';
import { createWarmRuns } from '../../shared/warm/warm-runs.ts';
import { createWarmTally } from '../../shared/warm/warm-tally.ts';
import { openWarmingQueue, WARMING_QUEUE } from '../../shared/warm/warming-queue.ts';
import type { WorkerContext } from '../worker-context.ts';
import { keepSchedules } from './keep-schedules.ts';
import { takeRun } from './take-run.ts';
import { createWarmingEvents } from './warming-events.ts';
import type { WarmingContext } from './warming-context.ts';

/** Warming runs being taken from their queue, and put into it by schedule. */
export interface WarmingTaker {
  /** Takes no more and hands over the runs that go on, once what they have in the air has landed; that is waited for some seconds. */
  pause(): Promise<void>;
  /** Closes what is left; by then whoever ends flights has ended those of runs too. */
  close(): Promise<void>;
}

// As for flights: a killed worker's run is taken up by another within seconds.
const LOCK_MS = 5_000;
const STALLED_CHECK_MS = 2_000;
const CLOSE_MS = 3_000;
/** Runs mostly wait, and the bulkheads count their flights. */
const MOST_RUNS = 50;
/** One that goes on, a person's that waits for its end, and a scheduled one that looks whether it is over: none may hold up other queries. */
const RUNS_PER_QUERY = 3;
/** When another worker, or this one after its restart, takes what is handed on. */
const HAND_OVER_MS = 200;

/** Takes warming runs, and keeps the schedules of all queries that are to be warmed. */
export function takeWarmings(worker: WorkerContext): WarmingTaker {
  const { redis, clock, log, metrics } = worker;
  const onError = (error: unknown) => worker.events.redisError('queue', error);
  const context: WarmingContext = {
    worker,
    runs: createWarmRuns(redis.queue),
    tally: createWarmTally(redis.queue, clock),
    demand: createDemand(redis.queue),
    loads: createWorkerLoads(redis.queue),
    events: createWarmingEvents(log, metrics, worker.events),
  };
  const queue = openWarmingQueue(redis.queue, onError);
  const schedules = keepSchedules(worker, queue);
  schedules.start();
  const stopping = new AbortController();
  const connection = connectRedis(worker.config.redis.queueUrl, 'blocking', { onError });
  const running = new Set<Promise<unknown>>();
  const take = async (job: Job, token?: string) => {
    const end = await takeRun(context, job, stopping.signal);
    if (end !== 'handed-on') return end;
    await job.moveToDelayed(Date.now() + HAND_OVER_MS, token);
    throw new DelayedError();
  };
  const takeNoted = async (job: Job, token?: string) => {
    const taken = take(job, token);
    running.add(taken);
    try {
      return await taken;
    } finally {
      running.delete(taken);
    }
  };
  const taker = new Worker(WARMING_QUEUE, takeNoted, {
    connection,
    prefix: QUEUE_PREFIX,
    concurrency: mostRuns(worker),
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: 2,
    drainDelay: 2,
    skipVersionCheck: true,
  });
  taker.on('error', onError);
  taker.on('failed', (job, error) => context.events.runCrashed(job?.name ?? 'unknown', error));
  return {
    async pause() {
      schedules.stop();
      stopping.abort();
      await within(taker.pause(true));
      await within(Promise.allSettled(running));
    },
    async close() {
      await within(taker.close(connection.status !== 'ready'));
      await within(queue.close());
      connection.disconnect();
    },
  };
}

function mostRuns({ catalog }: WorkerContext): number {
  const warmed = [...catalog.queries.values()].filter(({ warm }) => warm);
  return Math.min(MOST_RUNS, Math.max(1, RUNS_PER_QUERY * warmed.length));
}

async function within(closing: Promise<unknown>): Promise<void> {
  const bounded = pTimeout(closing, { milliseconds: CLOSE_MS, fallback: () => undefined });
  await bounded.catch(() => undefined);
}
