import { z } from 'zod';

/** A line of the emulator's job list, as far as the judge looks at it. */
export const jobList = z.array(
  z.object({
    jobId: z.string(),
    query: z.string().nullable(),
    state: z.string(),
    createdAt: z.string(),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
    cancelled: z.boolean(),
    calls: z.record(z.string(), z.int()).default({}),
    error: z.string().nullish(),
  }),
);

/** A warehouse job as last seen; instants are milliseconds since the epoch. */
export interface JobRecord {
  readonly jobId: string;
  readonly query: string | undefined;
  /** What the job id says of its fingerprint: jobs with the same mark answer the same question. */
  readonly mark: string;
  readonly createdAt: number;
  readonly endedAt: number | undefined;
  readonly cancelled: boolean;
  /** How often it was asked for, by the kind of call. */
  readonly calls: Readonly<Record<string, number>>;
  /** The reason of its failure; undefined for one that runs or has gone well. */
  readonly error?: string;
}

/** The record of a line of the job list. */
export function recordOf(line: z.output<typeof jobList>[number]): JobRecord {
  const { jobId, query, cancelled, createdAt, endedAt, calls, error } = line;
  return {
    jobId,
    query: query ?? undefined,
    mark: /_([0-9a-f]{12})_/.exec(jobId)?.[1] ?? jobId,
    createdAt: Date.parse(createdAt),
    endedAt: endedAt === null ? undefined : Date.parse(endedAt),
    cancelled,
    calls,
    ...(error ? { error } : {}),
  };
}
