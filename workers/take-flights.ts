import { Worker } from 'bullmq';
import pTimeout from 'p-timeout';
import { CLASSES, type QueryClass } from '../shared/catalog/policy.ts';
import { flightJobSchema } from '../shared/queue/flight-job.ts';
import { queueName } from '../shared/queue/flight-queues.ts';
import { connectRedis } from '../shared/redis/connect.ts';
import { QUEUE_PREFIX } from '../shared/redis/keys.ts';
import { runFlight } from './run-flight.ts';
import type { WorkerContext } from './worker-context.ts';

// A killed worker darkens its keys for the lock and one check, not for the minute of the defaults.
const LOCK_MS = 5_000;
const STALLED_CHECK_MS = 2_000;
const FINISH_MS = 12_000;
const CANCEL_MS = 6_000;

/** Flights being taken from the queues of all classes. */
export interface FlightTaker {
  /** Takes no more, lets running flights end, and cancels those that do not within their bound. */
  close(): Promise<void>;
}

/** Takes flights from each class's queue, each with its own concurrency: a bulkhead. */
export function takeFlights(context: WorkerContext): FlightTaker {
  const workers = CLASSES.map((name) => takeClass(context, name));
  const closeAll = () => Promise.all(workers.map(({ worker }) => worker.close()));
  return {
    async close() {
      const closed = closeAll();
      await pTimeout(closed, { milliseconds: FINISH_MS, fallback: () => undefined });
      context.cancelFlights();
      await pTimeout(closed, { milliseconds: CANCEL_MS, fallback: () => undefined });
      for (const { connection } of workers) connection.disconnect();
    },
  };
}

function takeClass(context: WorkerContext, name: QueryClass) {
  const onError = (error: Error) => context.events.redisError('queue', error);
  const connection = connectRedis(context.config.redis.queueUrl, 'blocking', { onError });
  const worker = new Worker(
    queueName(name),
    async (job) => {
      const flight = flightJobSchema.parse(job.data);
      const startedMs = performance.now();
      const end = await runFlight(context, flight);
      context.events.flightEnded(flight, end, performance.now() - startedMs);
      return end;
    },
    {
      connection,
      prefix: QUEUE_PREFIX,
      concurrency: context.config.worker.concurrency[name],
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: 1,
      drainDelay: 2,
      skipVersionCheck: true,
    },
  );
  worker.on('error', onError);
  worker.on('failed', (job, error) => context.events.flightCrashed(job?.id ?? 'unknown', error));
  return { worker, connection };
}
