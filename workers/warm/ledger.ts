import type { Query } from '../../shared/catalog/catalog.ts';
import type { WarmCounts, WarmRun, WarmState } from '../../shared/warm/warm-runs.ts';
import type { RunInHand, WarmingContext } from './warming-context.ts';
import type { SetOutcome } from './warming-events.ts';
import { nextRunAt } from './warming-plan.ts';

/** Counts what a run comes to, and tells it: once a second while it goes on, and when it ends. */
export interface Ledger extends AsyncDisposable {
  readonly counts: WarmCounts;
  /** Why the run is to fly no more sets, once something has happened. */
  readonly stopped: WarmState | undefined;
  stop(why: WarmState): void;
  note(outcome: SetOutcome, sets?: number): void;
  /** A set that this run had flown before it changed hands: it is told already. */
  noteFlownBefore(): void;
  /** The entry under the fingerprint is one of warming. */
  noteWarmed(fingerprint: string): void;
  /** Writes down how the run has ended. Never rejects. */
  close(state: WarmState): Promise<WarmRun>;
}

const TELL_EVERY_MS = 1_000;

/** The ledger of a run of so many sets; disposed of before it is closed, it leaves the run as one that goes on. */
export function openLedger(
  { worker, runs, tally, events }: WarmingContext,
  { name }: Query,
  { id, plan, mishaps, onProgress }: RunInHand,
  total: number,
): Ledger {
  const counted = { flown: 0, skipped: 0, failed: 0 };
  let warmed: string[] = [];
  let stopped: WarmState | undefined;
  const countsNow = () => ({ total, ...counted });
  const runNow = (state: WarmState): WarmRun => {
    const mishapsNow = mishapsAfter(state, mishaps);
    return {
      id,
      state,
      startedAt: plan.startedAt,
      tookMs: worker.clock.now() - plan.startedAt,
      nextRunAt: nextRunAt(plan.startedAt, plan.everyMs, mishapsNow),
      mishaps: mishapsNow,
      ...countsNow(),
    };
  };
  const tell = async (run: WarmRun) => {
    const noted = warmed;
    warmed = [];
    onProgress(countsNow());
    const telling = [runs.write(name, run), tally.noteWarmed(name, noted)];
    await Promise.all(telling).catch((error: unknown) => worker.events.redisError('queue', error));
  };
  const tick = () => void tell(runNow('running'));
  const timer = setInterval(tick, TELL_EVERY_MS);
  tick();
  return {
    get counts() {
      return countsNow();
    },
    get stopped() {
      return stopped;
    },
    stop(why) {
      stopped ??= why;
    },
    note(outcome, sets = 1) {
      counted[outcome] += sets;
      events.setsEnded(name, outcome, sets);
    },
    noteFlownBefore() {
      counted.flown += 1;
    },
    noteWarmed(fingerprint) {
      warmed.push(fingerprint);
    },
    async close(state) {
      clearInterval(timer);
      const run = runNow(state);
      await tell(run);
      events.runEnded(name, run);
      return run;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
    },
  };
}

/** Only a run that has come to its end makes up for those before it. */
function mishapsAfter(state: WarmState, mishaps: number): number {
  switch (state) {
    case 'quota':
    case 'failed':
      return mishaps + 1;
    case 'running':
      return mishaps;
    case 'done':
    case 'out-of-time':
      return 0;
    default:
      return state satisfies never;
  }
}
