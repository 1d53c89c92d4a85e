import { startBenchStack, usualProcesses } from '../../bench-stack.ts';
import { createConnectionPool } from '../../open-loop/connection-pool.ts';
import { type Crowd, turnsOf } from '../../open-loop/crowd.ts';
import { attempt, judge, requestOf, type Send } from '../../open-loop/exchange.ts';
import type { Histogram } from '../../open-loop/histogram.ts';
import { type Errand, offer } from '../../open-loop/offer.ts';
import { randomFrom } from '../../open-loop/random.ts';
import { createTally, type Tally } from '../../open-loop/tally.ts';
import type { Figure, Finding, Scenario, Setting } from '../../scenario.ts';
import { type Habit, pickHabit } from './mix.ts';

/** A load that somebody reported, and what is asked of us in its place. */
export interface ReplayPlan {
  readonly name: string;
  readonly question: string;
  /** As it was there. */
  readonly crowd: Crowd;
  readonly habits: readonly Habit[];
  /** Whether everything that is asked is asked once before. */
  readonly isWarmed: boolean;
  /** How long it is replayed; {@link RUN_MS} when left out. */
  readonly runMs?: number;
  readonly figures: (tally: Tally) => readonly Figure[];
  /** What was measured there, and what stands for what. */
  readonly remark: string;
}

/** A replay of a plan's load: the same users and think times, in less time. */
export function replayOf(plan: ReplayPlan): Scenario {
  const { name, question } = plan;
  return { name, question, run: (setting) => run(plan, setting) };
}

const RUN_MS = 30_000;
const QUICK_RUN_MS = 1_500;
const QUICK_USERS_SHARE = 0.2;
/** A browser opens so many connections to a server. */
const CONNECTIONS_PER_USER = 6;
const WARMED_AT_ONCE = 4;
const SEED = 1;

async function run(plan: ReplayPlan, setting: Setting): Promise<Finding> {
  const { signal, say } = setting;
  await using bench = await startBenchStack(setting, usualProcesses);
  const crowd = shortened(plan, setting);
  const errands = errandsOf(crowd, plan.habits);
  using pool = createConnectionPool(bench.gateway, CONNECTIONS_PER_USER * crowd.users);
  if (plan.isWarmed) await warm(bench.gateway, pool.send, errands, signal);
  say(`${errands.length} errands of ${crowd.users} users in ${crowd.forMs / 1_000} s`);
  const tally = createTally();
  const { gateway: origin } = bench;
  const lateness = await offer(errands, { origin, send: pool.send, note: tally.note, signal });
  const remark = `${shortening(plan.crowd, crowd)} ${plan.isWarmed ? 'Every question had been asked once before.' : 'Nothing was stored before.'} ${plan.remark} Of ${errands.length} errands, ${tally.answers} questions were answered over ${pool.mostOpen} connections at most: ${tally.summary}. Hit rate ${tally.hitRate.toFixed(3)}.`;
  return {
    measures: measuresOf(tally, lateness),
    figures: plan.figures(tally),
    remarks: [{ remark }],
  };
}

/** The same users in less time: they join as much faster as the run is shorter, and think as long as ever. */
function shortened(
  { crowd, runMs = RUN_MS }: Pick<ReplayPlan, 'crowd' | 'runMs'>,
  { quick }: Pick<Setting, 'quick'>,
): Crowd {
  const forMs = quick ? QUICK_RUN_MS : runMs;
  const usersShare = quick ? QUICK_USERS_SHARE : 1;
  return {
    users: Math.round(crowd.users * usersShare),
    joinPerSecond: (crowd.joinPerSecond * usersShare * crowd.forMs) / forMs,
    thinkMs: crowd.thinkMs,
    forMs,
  };
}

function shortening(there: Crowd, here: Crowd): string {
  const factor = Math.round((10 * there.forMs) / here.forMs) / 10;
  const [least, most] = here.thinkMs;
  return `${here.users} users (there ${there.users}) over ${here.forMs / 1_000} s, shortened by ${factor} as their joining is; a turn every ${least} to ${most} ms.`;
}

function errandsOf(crowd: Crowd, habits: readonly Habit[]): Errand[] {
  const random = randomFrom(SEED);
  return turnsOf(crowd, random).map(({ user, dueMs }) => {
    const { kind, ask } = pickHabit(habits, random);
    return { kind, dueMs, questions: ask(user, random) };
  });
}

/** Asks every question of the errands once; throws when one is not answered. */
async function warm(
  origin: string,
  send: Send,
  errands: readonly Errand[],
  signal: AbortSignal,
): Promise<void> {
  const questions = errands.flatMap((errand) => errand.questions);
  const left = [...new Map(questions.map((question) => [question.path, question])).values()];
  const keepAsking = async () => {
    for (let question = left.pop(); question; question = left.pop()) {
      signal.throwIfAborted();
      const attempted = await attempt(send, requestOf(origin, question), performance.now());
      const one = judge(question, attempted);
      if (one.kind === 'failure') throw new Error(`while warming, ${question.path}: ${one.why}`);
    }
  };
  await Promise.all(Array.from({ length: WARMED_AT_ONCE }, keepAsking));
}

function measuresOf({ times, timesByKind, timesBySource }: Tally, lateness: Histogram) {
  return [
    times.measure('everything asked for'),
    ...[...timesByKind].map(([kind, histogram]) => histogram.measure(kind)),
    ...[...timesBySource].map(([source, histogram]) => histogram.measure(`an answer: ${source}`)),
    lateness.measure('sent after it was due'),
  ];
}
