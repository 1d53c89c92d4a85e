import assert from 'node:assert/strict';
import type { MockTracker } from 'node:test';
import {
  type Admitted,
  type Breaker,
  createBreaker,
  type Outcome,
} from '../../../shared/breaker/breaker.ts';
import { happened, stopTime } from './fake-time.ts';
import { createMemoryBoard, type Mail, type MemoryBoard } from './memory-board.ts';

/** Limits so short that little fake time has to pass; a probe outlasts an opening. */
export const limits = {
  windowMs: 10_000,
  leastCalls: 2,
  errorPercent: 50,
  resetAfterMs: 1_000,
  probeMs: 3_000,
};

/** A call that was admitted and may still report. */
interface Call {
  readonly process: number;
  readonly report: (outcome: Outcome) => void;
  readonly isProbe: boolean;
  readonly atMs: number;
  /** The board knows nothing of it: it may have company. */
  isLoose: boolean;
}

/** Three processes with a breaker of one name, a board between them, and a watch on what must always hold. */
export interface SmallFleet {
  readonly breakers: readonly Breaker[];
  readonly board: MemoryBoard;
  /** Calls that have not reported. */
  readonly calls: Call[];
  /** All news that was ever on its way. */
  readonly oldMail: Mail[];
  /** How often the board has been in trouble. */
  troubles: number;
  /** Asks one breaker, without waiting for its answer. */
  ask(process: number): void;
  pass(ms: number): Promise<void>;
  end(): void;
}

/** A closed fleet whose time only moves when told to. */
export function createSmallFleet(mock: MockTracker): SmallFleet {
  const { now, pass } = stopTime(mock);
  const board = createMemoryBoard(now);
  const onChange = () => undefined;
  const calls: Call[] = [];
  const note = (process: number, isLoose: boolean, admitted: Admitted) => {
    if (!admitted.admitted) return;
    assert.notEqual(breakers[process]?.state, 'open', 'a call was admitted by an open breaker');
    const { report, probe: isProbe } = admitted;
    calls.push({ process, report, isProbe, atMs: now(), isLoose });
    const live = calls.filter((call) => call.isProbe && call.atMs > now() - limits.probeMs);
    const ofOne = live.map((call) => call.process);
    assert.equal(new Set(ofOne).size, ofOne.length, 'a process has two probes out at a time');
    const known = live.filter((call) => !call.isLoose);
    assert.ok(known.length <= 1, `${known.length} probes of the fleet are out at a time`);
  };
  const failures: unknown[] = [];
  const breakers = [1, 2, 3].map(() => createBreaker('b', limits, { onChange, board, now }));
  const fleet: SmallFleet = {
    breakers,
    board,
    calls,
    oldMail: [],
    troubles: 0,
    ask(process) {
      const { troubles } = fleet;
      const isAway = board.conduct === 'rejects' || board.conduct === 'hangs';
      breakers[process]
        ?.admit()
        .then((admitted) => note(process, isAway || troubles !== fleet.troubles, admitted))
        .catch((error: unknown) => failures.push(error));
    },
    async pass(ms) {
      // Small steps: a timer that is set when another fires counts from there.
      for (let leftMs = ms; leftMs > 0; leftMs -= 50) await pass(Math.min(50, leftMs));
      await happened();
      if (failures.length > 0) throw failures[0];
    },
    end() {
      for (const breaker of breakers) breaker.close();
      mock.timers.reset();
    },
  };
  return fleet;
}
