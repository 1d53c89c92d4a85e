import type { Job } from '@google-cloud/bigquery';

/** A reply that belongs to another call: the connection that it came on is out of step, and is closed. */
export class ForeignReply extends Error {
  constructor(told: string, asked: string) {
    super(`the warehouse answered about ${told}, asked for was ${asked}`);
    this.name = 'ForeignReply';
  }
}

/** Throws a {@link ForeignReply} when the warehouse speaks of another job than this; gives back the reply. */
export function ownReply<T extends { readonly jobReference?: unknown }>(
  job: Job,
  reply: T | undefined,
): T | undefined {
  const { jobId } = (reply?.jobReference ?? {}) as { readonly jobId?: unknown };
  if (typeof jobId === 'string' && jobId !== job.id)
    throw new ForeignReply(`the job ${jobId}`, job.id ?? '');
  return reply;
}
