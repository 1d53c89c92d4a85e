import { Counter, Gauge, type Registry } from 'prom-client';
import type { FaultEvents } from '../../shared/fault-events.ts';
import type { Logger } from '../../shared/log.ts';
import type { WarmRun } from '../../shared/warm/warm-runs.ts';

/** What becomes of a set: it is flown and stored, skipped because it is fresh long enough, or it has failed. */
export type SetOutcome = 'flown' | 'skipped' | 'failed';

/** What happens in warming runs that somebody should hear of. */
export interface WarmingEvents {
  setsEnded(query: string, outcome: SetOutcome, sets: number): void;
  runEnded(query: string, run: WarmRun): void;
  /** A run has ended without knowing how; nobody goes on with it. */
  runCrashed(query: string, error: unknown): void;
  /** A run was asked for of a query that no worker has, or that says nothing of warming any more. */
  runForeign(query: string): void;
  /** A row of a warming query is no parameter set. */
  rowRefused(query: string, problem: string): void;
  /** The list of a run could not be had, or not all of it. */
  listFailed(query: string, why: string): void;
}

/** The events of one worker's warming, over its log and its metrics. */
export function createWarmingEvents(
  log: Logger,
  register: Registry,
  { fault }: Pick<FaultEvents, 'fault'>,
): WarmingEvents {
  const registers = [register];
  const sets = new Counter({
    name: 'punctual_warm_sets_total',
    help: 'Parameter sets of warming runs by query and outcome',
    labelNames: ['query', 'outcome'],
    registers,
  });
  const seconds = new Gauge({
    name: 'punctual_warm_last_run_seconds',
    help: 'How long the last warming run of a query took',
    labelNames: ['query'],
    registers,
  });
  const beganAt = new Gauge({
    name: 'punctual_warm_last_run_timestamp_seconds',
    help: 'When the last warming run of a query began',
    labelNames: ['query'],
    registers,
  });
  const runs = new Counter({
    name: 'punctual_warm_runs_total',
    help: 'Warming runs by query and how they ended',
    labelNames: ['query', 'state'],
    registers,
  });
  return {
    setsEnded: (query, outcome, many) => sets.inc({ query, outcome }, many),
    runEnded(query, run) {
      const { state, tookMs, total, flown, skipped, failed } = run;
      runs.inc({ query, state });
      seconds.set({ query }, tookMs / 1_000);
      beganAt.set({ query }, run.startedAt / 1_000);
      const line = { query, state, total, flown, skipped, failed, tookMs: Math.round(tookMs) };
      if (state === 'done' && failed === 0) log.info(line, 'warming run ended');
      else log.warn(line, 'warming run ended');
    },
    runCrashed: (query, error) =>
      fault('warm-run', 'a warming run crashed', { query, error: String(error) }, 'error'),
    runForeign: (query) =>
      fault('warm-foreign', 'no worker can warm what it was asked to', { query }),
    rowRefused: (query, problem) =>
      fault('warm-row', 'a row of a warming query is no parameter set', { query, problem }),
    listFailed: (query, why) =>
      fault('warm-list', 'what to warm could not be listed', { query, why }),
  };
}
