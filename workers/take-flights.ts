import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import pTimeout from 'p-timeout';
import { CLASSES } from '../shared/catalog/policy.ts';
import { createWorkerLoads, type WorkerLoads } from '../shared/load/worker-loads.ts';
import { flightJobSchema } from '../shared/queue/flight-job.ts';
import { BATCH_QUEUE, queueName } from '../shared/queue/flight-queues.ts';
import { connectRedis } from '../shared/redis/connect.ts';
import { QUEUE_PREFIX } from '../shared/redis/keys.ts';
import { createHeartbeat } from './limit/heartbeat.ts';
import { runFlight } from './run-flight.ts';
import type { WorkerContext } from './worker-context.ts';

// A killed worker darkens its keys for the lock and one check, not for the minute of the defaults.
const LOCK_MS = 5_000;
const STALLED_CHECK_MS = 2_000;
const FINISH_MS = 10_000;
const CANCEL_MS = 5_000;
const CLOSE_MS = 1_500;
/** Flights of batches that a worker has in hand at once: each renews its lease every second, which is all it costs while it waits. */
const MOST_BATCHED = 1_000;

/** Flights being taken from the queues of all classes. */
export interface FlightTaker {
  /** Takes no more, lets running flights end, and leaves those that do not within their bound to others, or cancels them. */
  close(): Promise<void>;
}

/** Takes flights from each class's queue, each with its own concurrency: a bulkhead. Those of batches take their places together. */
export function takeFlights(context: WorkerContext): FlightTaker {
  const running = new Set<Promise<unknown>>();
  const { concurrency } = context.config.worker;
  const takers = [
    ...CLASSES.map((name) => takeQueue(context, queueName(name), concurrency[name], running)),
    takeQueue(context, BATCH_QUEUE, MOST_BATCHED, running),
  ];
  const loads = createWorkerLoads(context.redis.queue);
  const heartbeat = createHeartbeat({
    loads,
    load: () => context.bulkheads.state,
    onError: (error) => context.events.redisError('queue', error),
  });
  heartbeat.start();
  const allEnded = (withinMs: number) => within(withinMs, Promise.allSettled(running));
  return {
    async close() {
      // A worker that takes no more is none to the gateways, however long its last flights take.
      const pausing = takers.map(({ worker }) => worker.pause(true));
      await within(CLOSE_MS, Promise.all([heartbeat.stop(), ...pausing]));
      await allEnded(FINISH_MS);
      context.endFlights((await areThereOthers(loads)) ? 'abandon' : 'cancel');
      await allEnded(CANCEL_MS);
      await within(CLOSE_MS, Promise.all(takers.map(closeTaker)));
      for (const { connection } of takers) connection.disconnect();
    },
  };
}

interface Taker {
  readonly worker: Worker;
  readonly connection: Redis;
}

function takeQueue(
  context: WorkerContext,
  queue: string,
  concurrency: number,
  running: Set<Promise<unknown>>,
): Taker {
  const onError = (error: Error) => context.events.redisError('queue', error);
  const connection = connectRedis(context.config.redis.queueUrl, 'blocking', { onError });
  const take = async (job: Job) => {
    const flying = fly(context, job);
    running.add(flying);
    try {
      return await flying;
    } finally {
      running.delete(flying);
    }
  };
  const worker = new Worker(queue, take, {
    connection,
    prefix: QUEUE_PREFIX,
    concurrency,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    // A flight whose worker died is flown once more, and then rests: the lease counts the tries.
    maxStalledCount: 2,
    drainDelay: 2,
    skipVersionCheck: true,
  });
  worker.on('error', onError);
  worker.on('failed', (job, error) => context.events.flightCrashed(job?.id ?? 'unknown', error));
  return { worker, connection };
}

async function fly(context: WorkerContext, job: Job): Promise<string> {
  const flight = flightJobSchema.parse(job.data);
  const startedMs = performance.now();
  const end = await runFlight(context, flight);
  context.events.flightEnded(flight, end, performance.now() - startedMs);
  return end;
}

/** Whether other workers live; this one has taken itself off the list before. */
async function areThereOthers(loads: WorkerLoads): Promise<boolean> {
  const fleet = await loads.read().catch(() => undefined);
  return fleet !== undefined && fleet.workers.length > 0;
}

/** Without Redis there is nobody to tell that the jobs are done, and closing in order would wait for him. */
function closeTaker({ worker, connection }: Taker): Promise<void> {
  return worker.close(connection.status !== 'ready');
}

async function within(milliseconds: number, closing: Promise<unknown>): Promise<void> {
  await pTimeout(closing, { milliseconds, fallback: () => undefined }).catch(() => undefined);
}
