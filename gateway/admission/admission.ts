import { CLASSES, type QueryClass } from '../../shared/catalog/policy.ts';
import type { UsualTimes } from '../../shared/load/usual-times.ts';
import { perClass } from '../../shared/load/worker-load.ts';
import type { FleetLoad } from '../../shared/load/worker-loads.ts';
import { type FleetView, NEWS_MS, viewOf } from './fleet-view.ts';
import { createLane } from './lane.ts';
import type { Strain } from './strain.ts';
import { type AdmissionLimits, judge, type Verdict } from './verdict.ts';

/**
 * Refuses flights that could not land in time before they cost anything. It looks at the fleet twice a second and judges by
 * what it saw; as long as it sees nothing, because the queue role is away, it admits.
 */
export interface Admission {
  start(): void;
  stop(): void;
  /** One look at the fleet; never rejects, and does nothing while the last one is under way. */
  tick(): Promise<void>;
  /**
   * Judges a flight that would be started now and would have to land within `budgetMs`: by what is known, and after another
   * look where the last one showed no worker for long, for one may have come since.
   */
  judge(flight: Applicant, budgetMs: number): Promise<Verdict>;
  /** Counts a flight that has been put before the workers, until a look shows it. */
  noteAdded(flight: Applicant): void;
  /** What is known, for metrics; undefined when there is no news of the fleet. */
  readonly figures: AdmissionFigures | undefined;
}

/** What is judged. */
export interface Applicant {
  readonly query: string;
  readonly class: QueryClass;
}

/** The fleet as last seen, and how long a flight of each class would wait for a place, where that can be said. */
export interface AdmissionFigures extends FleetView {
  readonly waitMs: Readonly<Record<QueryClass, number | undefined>>;
}

/** What admission looks at, and by which limits it judges. */
export interface AdmissionParts {
  /** Reads the fleet's load within a bound; rejects when the queue role is away. */
  readonly read: () => Promise<FleetLoad>;
  readonly usualTimes: Pick<UsualTimes, 'usualMs' | 'meanMs'>;
  /** How many fingerprints this process watches. */
  readonly watched: () => number;
  /** How hard this process is pressed. */
  readonly strain: () => Strain;
  readonly onError: (error: unknown) => void;
  readonly limits?: AdmissionLimits;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
  /** From 0 to 1, for jitter. */
  readonly random?: () => number;
}

const LOOK_EVERY_MS = 500;
/** A look that is no older is not repeated for whoever is about to be refused: a crowd of them is not a crowd of looks. */
const RECENT_MS = 20;

/**
 * Queued: what a worker with its default places does in about a minute, if a flight takes a second; who waits 18 seconds gets
 * nothing from behind that, and 4,500 jobs are a few megabytes. Memory: to finish a job needs memory too, and a queue that is
 * full stops for good. Watches: each asks Redis a few times per second, and 3,000 of them took a process more than its time:
 * answers that were due together left two seconds late (measured); 1,000 were answered when they were due.
 */
const LIMITS: AdmissionLimits = {
  queued: { live: 2_000, analyst: 500, warm: 2_000 },
  memoryShare: 0.8,
  watches: 1_000,
};

/** An admission that has not looked yet, and admits. */
export function createAdmission(parts: AdmissionParts): Admission {
  const { read, usualTimes, watched, strain, onError, limits = LIMITS } = parts;
  const { now = () => performance.now(), random = Math.random } = parts;
  const lanes = perClass(() => createLane());
  let view: FleetView | undefined;
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    const atMs = now();
    for (const name of CLASSES) lanes[name].look();
    const seen = viewOf(await read(), atMs, view);
    view = seen;
    for (const name of CLASSES) {
      const taken = seen.inFlight[name] + seen.waiting[name];
      lanes[name].see({ depth: seen.depth[name], taken, places: seen.places[name] }, atMs);
    }
  };
  const tick = () => {
    looking ??= look()
      .catch(onError)
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  const news = () => (view && now() - view.atMs <= NEWS_MS ? view : undefined);

  const judgeNow = ({ query, class: name }: Applicant, budgetMs: number): Verdict => {
    const evidence = {
      watched: watched(),
      strain: strain(),
      fleet: news(),
      queued: lanes[name].queued(now()),
      waitMs: lanes[name].waitMs(now(), usualTimes.meanMs(query)),
      usualMs: usualTimes.usualMs(query),
    };
    return judge(evidence, budgetMs, { ...limits, queued: limits.queued[name] }, random());
  };

  return {
    start() {
      void tick();
      timer ??= setInterval(() => void tick(), LOOK_EVERY_MS).unref();
    },
    stop: () => clearInterval(timer),
    tick,
    async judge(flight, budgetMs) {
      const verdict = judgeNow(flight, budgetMs);
      if (verdict.admit || verdict.why !== 'no-workers') return verdict;
      if (view && now() - view.atMs < RECENT_MS) return verdict;
      await tick();
      return judgeNow(flight, budgetMs);
    },
    noteAdded({ query, class: name }) {
      lanes[name].add(now(), usualTimes.meanMs(query));
    },
    get figures() {
      const fleet = news();
      return (
        fleet && { ...fleet, waitMs: perClass((name) => lanes[name].waitMs(now(), undefined)) }
      );
    },
  };
}
