import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import * as fc from 'fast-check';
import type { Admission } from '../../gateway/flights/flights.ts';
import { type Code, ERROR_CODES } from '../../shared/error-codes.ts';
import { type Ask, type Behind, type Crowd, gatherCrowd, pick } from './sky-crowd.ts';
import type { Conduct } from './sky-stores.ts';

const CODES = Object.keys(ERROR_CODES) as Code[];

/** What happens next, and whether everything that follows from it happens before the next step, or only so many turns of it. */
type Step = { readonly turns: number | 'all' } & (
  | ({ readonly do: 'ask' } & Ask)
  | { readonly do: 'leave'; readonly which: number }
  | ({ readonly do: 'behind' } & Behind)
  | {
      readonly do: 'fly';
      readonly spot: number;
      readonly tookMs: number;
      readonly lateMs: number;
      readonly code?: Code | undefined;
    }
  | { readonly do: 'die' | 'drop'; readonly spot: number }
  | { readonly do: 'hear' | 'lose'; readonly which: number }
  | { readonly do: 'queue' | 'cache'; readonly conduct: Conduct }
  | { readonly do: 'lag' | 'pass'; readonly ms: number }
  | { readonly do: 'admit'; readonly process: number; readonly admission: Admission }
  | { readonly do: 'forget' }
);

const process = fc.nat({ max: 2 });
const spot = fc.nat({ max: 1 });
const which = fc.nat();
const steps = (codes: readonly Code[]): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: step('ask', {
        process,
        spot,
        waitMs: fc.constantFrom(1, 50, 700, 1_200, 2_000, 4_000, 15_000, 20_000),
        isRefresh: fc.boolean(),
        isNewer: fc.boolean(),
      }),
    },
    {
      weight: 5,
      arbitrary: step('fly', {
        spot,
        tookMs: fc.constantFrom(1, 20, 300, 1_500, 6_000),
        lateMs: fc.constantFrom(0, 0, 40),
        code: fc.option(fc.constantFrom(...codes), { nil: undefined }),
      }),
    },
    {
      weight: 5,
      arbitrary: step('pass', {
        ms: fc.constantFrom(1, 10, 250, 600, 1_000, 2_500, 5_000, 20_000),
      }),
    },
    { weight: 3, arbitrary: step('hear', { which }) },
    { weight: 2, arbitrary: step('lose', { which }) },
    { weight: 2, arbitrary: step('leave', { which }) },
    {
      weight: 2,
      arbitrary: step('behind', { process, spot, how: fc.constantFrom('refresh', 'probe') }),
    },
    step('die', { spot }),
    step('drop', { spot }),
    step('queue', { conduct: fc.constantFrom('up', 'down', 'hangs') }),
    step('cache', { conduct: fc.constantFrom('up', 'down', 'hangs') }),
    step('queue', { conduct: fc.constant('up') }),
    step('cache', { conduct: fc.constant('up') }),
    step('lag', { ms: fc.constantFrom(0, 0, 2, 10) }),
    step('admit', {
      process,
      admission: fc.constantFrom<Admission>(
        { admit: true },
        { admit: false, retryAfterSeconds: 1, refresh: true },
      ),
    }),
    step('forget', {}),
  );

function step<F extends object>(
  name: Step['do'],
  facts: { readonly [K in keyof F]: fc.Arbitrary<F[K]> },
) {
  const turns = fc.oneof(
    { weight: 3, arbitrary: fc.constant('all' as const) },
    { weight: 1, arbitrary: fc.nat({ max: 14 }) },
  );
  return fc.record({ do: fc.constant(name), turns, ...facts }) as unknown as fc.Arbitrary<Step>;
}

/** The one who joins while a look is on its way that tells that nobody wants the flight any more. */
const JOINS_DURING_THE_LAST_LOOK: Step[] = [
  { do: 'lag', turns: 'all', ms: 10 },
  ask(1_200),
  { do: 'pass', turns: 'all', ms: 50 },
  { do: 'fly', turns: 'all', spot: 0, tookMs: 6_000, lateMs: 0 },
  { do: 'pass', turns: 'all', ms: 1_165 },
  ask(4_000),
];

test('whatever comes, nobody waits too long, gets what is not his, or leaves a flight behind', async () => {
  const property = fc.asyncProperty(
    fc.array(steps(CODES), { maxLength: 40, size: 'max' }),
    (taken) => withCrowd(2_000, (crowd) => live(crowd, taken)),
  );
  await fc.assert(property, { numRuns: 150, examples: [[JOINS_DURING_THE_LAST_LOOK]] });
});

test('what says nothing of the query never opens its breaker', async () => {
  const silent = CODES.filter((code) => ERROR_CODES[code].fault !== 'warehouse');
  const property = fc.asyncProperty(
    fc.array(steps(silent), { maxLength: 40, size: 'max' }),
    (taken) =>
      withCrowd(Infinity, async (crowd) => {
        await live(crowd, taken);
        for (const { reports, breaker } of crowd.gateways) {
          assert.ok(!reports.includes('failure'), 'what says nothing has been counted');
          assert.equal(breaker.state, 'closed');
        }
      }),
  );
  await fc.assert(property, { numRuns: 60 });
});

function ask(waitMs: number): Step {
  return { do: 'ask', turns: 'all', process: 0, spot: 0, waitMs, isRefresh: false, isNewer: false };
}

async function withCrowd(patienceMs: number, live: (crowd: Crowd) => Promise<void>): Promise<void> {
  const crowd = gatherCrowd(mock, patienceMs);
  try {
    await live(crowd);
  } finally {
    crowd.end();
  }
  assert.equal(crowd.time.timers, 0, 'a timer is left');
}

/** Takes the steps; then all stores come back, all who wait have their time, and nothing may be left. */
async function live(crowd: Crowd, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    await take(crowd, step);
    if (step.turns === 'all') {
      await crowd.time.settle();
      crowd.check();
    } else for (let turn = 0; turn < step.turns; turn++) await Promise.resolve();
  }
  crowd.stores.turn('queue', 'up');
  crowd.stores.turn('cache', 'up');
  crowd.stores.lagMs = 0;
  await crowd.pass(41_000);
  for (const { flights } of crowd.gateways) assert.equal(flights.watched, 0, 'a watch is left');
  for (const { wants } of crowd.stores.spots)
    for (const until of wants.values()) assert.ok(until <= crowd.time.now(), 'a wish is left');
  for (const { result } of crowd.waiters) assert.ok(result, 'somebody waits for ever');
}

function take(crowd: Crowd, step: Step): void | Promise<void> {
  const { stores, workers, gateways, waiters } = crowd;
  switch (step.do) {
    case 'ask':
      return crowd.ask(step);
    case 'behind':
      return crowd.startBehind(step);
    case 'leave':
      return waiters.length > 0 ? pick(waiters, step.which).gone.abort() : undefined;
    case 'fly':
      return fly(crowd, step);
    case 'die':
      return workers.die(pick(stores.spots, step.spot));
    case 'drop':
      return workers.drop(pick(stores.spots, step.spot));
    case 'hear':
    case 'lose':
      return hint(crowd, step.which, step.do === 'hear');
    case 'queue':
    case 'cache':
      return stores.turn(step.do, step.conduct);
    case 'lag':
      stores.lagMs = step.ms;
      return;
    case 'admit':
      pick(gateways, step.process).admission = step.admission;
      return;
    case 'forget':
      return stores.forget();
    case 'pass':
      return crowd.pass(step.ms);
    default:
      return step satisfies never;
  }
}

/** A worker takes the job, if it can, and ends the flight after its time. */
function fly(crowd: Crowd, { spot, tookMs, lateMs, code }: Step & { do: 'fly' }): void {
  const { workers, stores } = crowd;
  const flight = workers.take(pick(stores.spots, spot));
  if (flight) setTimeout(() => workers.land(flight, lateMs, code), tookMs);
}

/** A process hears of a landing now, or never. */
function hint({ hints, gateways }: Crowd, which: number, isHeard: boolean): void {
  const [one] = hints.splice(hints.length > 0 ? which % hints.length : 0, 1);
  if (one && isHeard) pick(gateways, one.process).flights.hear(one.landing);
}
