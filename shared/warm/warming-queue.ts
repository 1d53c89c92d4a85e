import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { bounded } from '../bounded.ts';
import { QUEUE_COMMAND_MS } from '../redis/connect.ts';
import { openQueue } from '../queue/open-queue.ts';

/** The name of the queue of warming runs; their flights do not go through a queue. */
export const WARMING_QUEUE = 'warming';

/** What a warming run is asked to do. */
export const warmingJobSchema = z.object({
  query: z.string(),
  /** By schedule, or because a person wants it now. */
  by: z.enum(['schedule', 'person']),
  /** When it first began, milliseconds since the epoch: whoever takes it up after a crash goes on from there. */
  startedAt: z.number().optional(),
});

/** A job of {@link warmingJobSchema}. */
export type WarmingJob = z.output<typeof warmingJobSchema>;

/** What is known of a run's job for as long as anybody may ask how it went. */
const KEPT = { age: 3_600, count: 100 };

/** How the jobs of all runs are made. */
export const WARMING_JOB_OPTIONS = {
  attempts: 1,
  removeOnComplete: KEPT,
  removeOnFail: KEPT,
} as const;

/** Opens the queue of warming runs on a connection for requests, which fails fast. */
export function openWarmingQueue(connection: Redis, onError: (error: Error) => void): Queue {
  return openQueue(WARMING_QUEUE, connection, onError);
}

/** Asks for a run now and returns its id: that of one which waits already, if a person has asked for the same before. */
export async function startWarming(queue: Queue, query: string): Promise<string> {
  const job: WarmingJob = { query, by: 'person' };
  const adding = queue.add(query, job, {
    ...WARMING_JOB_OPTIONS,
    jobId: crypto.randomUUID(),
    deduplication: { id: query },
  });
  const { id } = await bounded(adding, QUEUE_COMMAND_MS, 'asking for a warming run');
  return id ?? '';
}
