import { type Finding, finding } from '../../finding.ts';
import type { JobRecord } from './job-record.ts';

/** How much of the warehouse may be used. */
export interface WarehouseLimits {
  /** Jobs for one question; a number of its own for a query by name. */
  readonly jobsPerMark: number;
  readonly jobsPerMarkOf?: Readonly<Record<string, number>>;
  /** Longest that a job may run. */
  readonly runsForMs: number;
  /** Longest for queries that harvest, by name. */
  readonly runsForMsOf?: Readonly<Record<string, number>>;
  readonly concurrency: number;
}

/** What jobs came to. */
export interface WarehouseFigures {
  readonly jobs: number;
  readonly cancelled: number;
  readonly running: number;
  readonly mostPerMark: number;
  readonly mostAtOnce: number;
  readonly longestMs: number;
}

/** Counts the jobs; one that still runs has run until now. */
export function figuresOf(jobs: readonly JobRecord[], now: number): WarehouseFigures {
  return {
    jobs: jobs.length,
    cancelled: jobs.filter(({ cancelled }) => cancelled).length,
    running: jobs.filter(({ endedAt }) => endedAt === undefined).length,
    mostPerMark: Math.max(0, ...[...byMark(jobs).values()].map((same) => same.length)),
    mostAtOnce: mostAtOnce(jobs, now),
    longestMs: Math.max(0, ...jobs.map((job) => lengthMs(job, now))),
  };
}

/** What was run that should not have been: too often, too long, too many at once, or left running at the end. */
export function findWaste(
  jobs: readonly JobRecord[],
  limits: WarehouseLimits,
  now: number,
): Finding[] {
  const findings: Finding[] = [];
  const find = (what: string) => findings.push(finding('I5', what));
  for (const [mark, same] of byMark(jobs)) {
    const query = same[0]?.query ?? '';
    const most = limits.jobsPerMarkOf?.[query] ?? limits.jobsPerMark;
    if (same.length > most) find(`${same.length} jobs of ${query} ${mark}, at most ${most}`);
  }
  for (const job of jobs) {
    const mostMs = limits.runsForMsOf?.[job.query ?? ''] ?? limits.runsForMs;
    const ranMs = lengthMs(job, now);
    if (ranMs > mostMs) find(`${job.jobId} ran for ${ranMs} ms, at most ${mostMs} ms`);
    if (job.endedAt === undefined) find(`${job.jobId} still runs`);
  }
  const most = mostAtOnce(jobs, now);
  if (most > limits.concurrency) find(`${most} jobs at once, at most ${limits.concurrency}`);
  return findings;
}

function byMark(jobs: readonly JobRecord[]): Map<string, JobRecord[]> {
  return Map.groupBy(jobs, ({ mark }) => mark);
}

function lengthMs({ createdAt, endedAt }: JobRecord, now: number): number {
  return (endedAt ?? now) - createdAt;
}

/** At the same instant ends come before beginnings. */
function mostAtOnce(jobs: readonly JobRecord[], now: number): number {
  const steps = jobs.flatMap(({ createdAt, endedAt }) => [
    { at: createdAt, by: 1 },
    { at: endedAt ?? now + 1, by: -1 },
  ]);
  steps.sort((a, b) => a.at - b.at || a.by - b.by);
  let running = 0;
  let most = 0;
  for (const { by } of steps) {
    running += by;
    most = Math.max(most, running);
  }
  return most;
}
