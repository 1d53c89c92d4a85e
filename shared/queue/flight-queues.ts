import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { bounded } from '../bounded.ts';
import { CLASSES, type QueryClass } from '../catalog/policy.ts';
import { QUEUE_COMMAND_MS } from '../redis/connect.ts';
import type { FlightJob } from './flight-job.ts';
import { openQueue } from './open-queue.ts';

/** The queue of flights that share warehouse jobs, whatever their class: workers take them by the hundred. */
export const BATCH_QUEUE = 'batch';

/** Puts flights before the workers: one BullMQ queue for each class, and one for batches. */
export interface FlightQueues {
  /** Adds a flight unless one for its fingerprint waits or runs in the same queue; rejects within half a second when Redis is away. */
  add(job: FlightJob): Promise<void>;
  /**
   * Adds a flight that seems to have got lost; what is left of a job that no list holds any more does not stop it. The job
   * of a worker that died counts as running until BullMQ has noticed, so one that got lost in the air is another job:
   * `losses` is how often.
   */
  addAgain(job: FlightJob, losses: number): Promise<void>;
  close(): Promise<void>;
}

/** The name of a class's queue. */
export const queueName = (queryClass: QueryClass): string => queryClass;

/** The producer's side of the queues; the connection must be one for requests, which fails fast. */
export function createFlightQueues(
  connection: Redis,
  onError: (error: Error) => void,
): FlightQueues {
  const names = [...CLASSES.map(queueName), BATCH_QUEUE];
  const queues = new Map(names.map((name) => [name, openQueue(name, connection, onError)]));
  const queueOf = (job: FlightJob) => queues.get(job.batched ? BATCH_QUEUE : queueName(job.class));
  const add = (job: FlightJob, losses = 0) =>
    queueOf(job)?.add(job.query, job, {
      // BullMQ's own ids are a counter that starts again when Redis loses its data: another caller's job could answer.
      jobId: crypto.randomUUID(),
      deduplication: { id: losses === 0 ? job.fingerprint : `${job.fingerprint}:${losses}` },
      attempts: 1,
      removeOnComplete: true,
      removeOnFail: true,
    });
  const addAgain = async (job: FlightJob, losses: number) => {
    await removeLost(queueOf(job), job.fingerprint);
    await add(job, losses);
  };
  return {
    async add(job) {
      await bounded(Promise.resolve(add(job)), QUEUE_COMMAND_MS, 'adding a flight');
    },
    async addAgain(job, losses) {
      await bounded(addAgain(job, losses), QUEUE_COMMAND_MS, 'adding a flight again');
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

/** Where lists were lost and the rest was not, the job that no worker can find would hold its fingerprint for good. */
async function removeLost(queue: Queue | undefined, fingerprint: string): Promise<void> {
  const id = await queue?.getDeduplicationJobId(fingerprint);
  if (!id || (await queue?.getJobState(id)) !== 'unknown') return;
  await queue?.remove(id);
}
