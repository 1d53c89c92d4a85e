import { type Episode, episodesOf, isWithin } from '../episodes.ts';
import type { JobLine, Line } from '../history.ts';
import { type Violation, violation } from '../violation.ts';

const minuteMs = 60_000;

/** How much longer than others a query’s jobs may run: what the catalog declares, written down a second time. */
export const harvestMsOf: Readonly<Record<string, number>> = {
  'home-recommended': minuteMs,
  'home-trending': minuteMs,
  'home-popular': minuteMs,
  'home-new-arrivals': minuteMs,
  'home-new-in-favourites': minuteMs,
  'price-alerts': 2 * minuteMs,
};
const usualBudgetMs = 15_000;
const graceMs = 2_000;
const freshForMsOf: Readonly<Record<string, number>> = {
  lasting: 60 * minuteMs,
  control: 360 * minuteMs,
  'home-recommended': 5 * minuteMs,
  'home-trending': 15 * minuteMs,
  'home-popular': 30 * minuteMs,
  'home-new-arrivals': 60 * minuteMs,
  'home-new-in-favourites': 15 * minuteMs,
  'price-alerts': 15 * minuteMs,
};
/** The job's time is the warehouse's, the entry's is the worker's before it inserts: so much they may be apart. */
const slackMs = 2_000;
/** A job that is cancelled is told so after its flight has ended. */
const handOverMs = 500;

/** Jobs beside another of the same question, or again while a result is fresh, or longer than their budget, or without an end (I5). */
export function findCostlyJobs(lines: readonly Line[]): Violation[] {
  const jobs = lines.filter((line) => line.type === 'job').toSorted((a, b) => a.at - b.at);
  const episodes = episodesOf(lines);
  const byMark = [...Map.groupBy(jobs, ({ mark }) => mark).values()];
  return [
    ...byMark.flatMap((same) => besideEachOther(same, episodes)),
    ...byMark.flatMap((same) => againTooSoon(same, episodes)),
    ...jobs.flatMap((job) => Array.from(lengthFaults(job))),
  ];
}

/** At most one job of a question at a time, and one more for each fault that can lose a holder or his word. */
function besideEachOther(same: readonly JobLine[], episodes: readonly Episode[]): Violation[] {
  return same.flatMap((job, at) => {
    const beside = same.slice(0, at).filter((before) => endOf(before) > job.at + handOverMs);
    const first = beside[0];
    if (first === undefined) return [];
    const excuses = episodes.filter(
      (episode) => losesHolder(episode) && isWithin(episode, first.at, job.at),
    );
    if (beside.length <= excuses.length) return [];
    const what = `${job.jobId} of ${job.query} beside ${beside.length} others that run`;
    return [violation(job.at, 'I5', `${what}, ${excuses.length} excused`)];
  });
}

/** A result that was read is not computed again while it is fresh, unless something lost it. */
function againTooSoon(same: readonly JobLine[], episodes: readonly Episode[]): Violation[] {
  const done = same.filter((job) => job.endedAt !== undefined && !job.cancelled && !job.error);
  return done.slice(1).flatMap((job, at) => {
    const before = done[at];
    const freshForMs = freshForMsOf[job.query ?? ''] ?? 0;
    if (before === undefined || job.at >= before.at + freshForMs - slackMs) return [];
    const isExcused = episodes.some(
      (episode) => losesResult(episode) && isWithin(episode, before.at, job.at),
    );
    if (isExcused) return [];
    const what = `${job.jobId} of ${job.query} ${job.at - before.at} ms after ${before.jobId}`;
    return [violation(job.at, 'I5', `${what}, which is fresh for ${freshForMs} ms`)];
  });
}

function* lengthFaults(job: JobLine): Generator<Violation> {
  const mostMs = usualBudgetMs + (harvestMsOf[job.query ?? ''] ?? 0) + graceMs;
  if (job.endedAt === undefined) yield violation(job.at, 'I5', `${job.jobId} was left running`);
  else if (job.endedAt - job.at > mostMs)
    yield violation(
      job.at,
      'I5',
      `${job.jobId} of ${job.query} ran for ${job.endedAt - job.at} ms`,
    );
}

function endOf({ endedAt }: JobLine): number {
  return endedAt ?? Number.POSITIVE_INFINITY;
}

/** Whether a fault can take the lease from who runs a job, or keep the warehouse from hearing that it is cancelled. */
function losesHolder({ harm }: Episode): boolean {
  switch (harm.kind) {
    case 'worker-killed':
    case 'worker-frozen':
    case 'warehouse-malformed':
      return true;
    case 'lane-silent':
    case 'lane-refused':
      return harm.lane !== 'gateway-cache' && harm.lane !== 'worker-cache';
    case 'store-killed':
    case 'store-frozen':
    case 'store-slow':
    case 'store-cut':
    case 'store-emptied':
      return harm.store === 'queue';
    default:
      return false;
  }
}

/** Whether a fault can lose a result between the warehouse and who asks for it. */
function losesResult({ harm }: Episode): boolean {
  return (
    harm.kind.startsWith('store-') ||
    harm.kind.startsWith('lane-') ||
    harm.kind.startsWith('worker-') ||
    harm.kind === 'keys-deleted' ||
    harm.kind === 'warehouse-malformed'
  );
}
