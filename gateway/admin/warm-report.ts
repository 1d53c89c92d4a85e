import type { Redis } from 'ioredis';
import type { Clock } from '../../shared/clock.ts';
import { createWarmRuns, type WarmRun } from '../../shared/warm/warm-runs.ts';
import { createWarmTally } from '../../shared/warm/warm-tally.ts';
import { readWarmable, type Warmable } from '../../shared/warm/warmable.ts';

/** What is warmed of a query, how its last run went, and whether it pays; instants in ISO 8601. */
export interface WarmReport extends Warmable {
  readonly query: string;
  /** Keys that were warmed today and yesterday, and those of them that somebody was given. */
  readonly warmed: number;
  readonly hit: number;
  /** The part of the warmed keys that was given to somebody, 0 to 1; undefined while nothing is warmed. */
  readonly share: number | undefined;
  readonly lastRun: ToldRun | undefined;
}

/** A run as people and scripts read it. */
interface ToldRun extends Omit<WarmRun, 'startedAt' | 'nextRunAt'> {
  readonly startedAt: string;
  readonly nextRunAt: string;
}

/** Reports on warming. Every call rejects within a second when the queue role is away. */
export interface WarmReports {
  /** Every query that can be warmed, by name. */
  readAll(): Promise<readonly WarmReport[]>;
  /** Undefined when the query cannot be warmed. */
  read(query: string): Promise<WarmReport | undefined>;
}

/** The reports behind one connection to the queue role. */
export function createWarmReports(redis: Redis, clock: Clock): WarmReports {
  const runs = createWarmRuns(redis);
  const tally = createWarmTally(redis, clock);
  const report = async (query: string, what: Warmable): Promise<WarmReport> => {
    const [run, use] = await Promise.all([runs.read(query), tally.read(query)]);
    // Both are estimates: together they may say more than there can be.
    const share = use.warmed === 0 ? undefined : Math.min(1, use.hit / use.warmed);
    return { query, ...what, ...use, share, lastRun: run && toldRun(run) };
  };
  return {
    async readAll() {
      const known = [...(await readWarmable(redis))].sort(([a], [b]) => (a < b ? -1 : 1));
      return Promise.all(known.map(([query, what]) => report(query, what)));
    },
    async read(query) {
      const what = (await readWarmable(redis)).get(query);
      return what && report(query, what);
    },
  };
}

function toldRun(run: WarmRun): ToldRun {
  const instant = (at: number) => new Date(at).toISOString();
  return { ...run, startedAt: instant(run.startedAt), nextRunAt: instant(run.nextRunAt) };
}
