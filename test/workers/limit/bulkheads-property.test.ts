import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { CLASSES, type QueryClass } from '../../../shared/catalog/policy.ts';
import { perClass } from '../../../shared/load/worker-load.ts';
import type { FlightResult } from '../../../workers/limit/adaptive-limit.ts';
import { type Bulkheads, createBulkheads, type Place } from '../../../workers/limit/bulkheads.ts';

const SHARES = { live: 0.6, analyst: 0.3, warm: 0.1 };
const QUERIES = ['a', 'b', 'c'];

type Step =
  | { readonly do: 'enter'; readonly name: QueryClass; readonly many: number }
  | { readonly do: 'give-up'; readonly which: number }
  | { readonly do: 'leave'; readonly which: number; readonly result: FlightResult }
  | { readonly do: 'pass'; readonly ms: number };

const result = fc.record({
  query: fc.constantFrom(...QUERIES),
  tookMs: fc.integer({ min: 0, max: 20_000 }),
  outcome: fc.constantFrom('ok', 'ok', 'ok', 'quota', 'slow-or-failed', 'ignored'),
});
const which = fc.nat(200);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('enter'),
    name: fc.constantFrom(...CLASSES),
    many: fc.integer({ min: 1, max: 8 }),
  }),
  fc.record({ do: fc.constant('give-up'), which }),
  fc.record({ do: fc.constant('leave'), which, result }),
  fc.record({ do: fc.constant('leave'), which, result }),
  fc.record({ do: fc.constant('pass'), ms: fc.integer({ min: 1, max: 20_000 }) }),
);
const bounds = fc.record({
  least: fc.integer({ min: 1, max: 6 }),
  most: fc.integer({ min: 3, max: 24 }),
});

test('whatever comes, the bulkheads hold, keep the order, lose nobody and starve no class', async () => {
  await fc.assert(
    fc.asyncProperty(bounds, fc.array(step, { maxLength: 80 }), async (bounds, steps) => {
      const crowd = createCrowd(bounds);
      for (const one of steps) {
        crowd.take(one);
        await settled();
        crowd.check(bounds);
      }
      await crowd.everyoneLeaves();
    }),
    { numRuns: 150 },
  );
});

interface Visitor {
  readonly name: QueryClass;
  readonly number: number;
  readonly patience: AbortController;
}

/** Visitors of some bulkheads on a clock that only steps move, and what must hold for them. */
function createCrowd(bounds: { least: number; most: number }) {
  let nowMs = 0;
  let entered = 0;
  const concurrency = perClass(() => 1_000);
  const bulkheads = createBulkheads({ ...bounds, concurrency, now: () => nowMs });
  const waiting = perClass(() => new Array<Visitor>());
  const inside: { name: QueryClass; place: Place }[] = [];

  const enter = (name: QueryClass) => {
    const visitor = { name, number: (entered += 1), patience: new AbortController() };
    waiting[name].push(visitor);
    bulkheads.enter(name, visitor.patience.signal).then(
      (place) => {
        assert.equal(waiting[name].shift()?.number, visitor.number, 'not first come first served');
        inside.push({ name, place });
      },
      () => undefined,
    );
  };
  const giveUp = (which: number) => {
    const all = CLASSES.flatMap((name) => waiting[name]);
    const visitor = all[which % Math.max(1, all.length)];
    if (!visitor) return;
    waiting[visitor.name] = waiting[visitor.name].filter((other) => other !== visitor);
    visitor.patience.abort('enough');
  };
  const leave = (which: number, result: FlightResult) => {
    const [visitor] = inside.splice(which % Math.max(1, inside.length), 1);
    visitor?.place.leave(result);
    visitor?.place.leave({ ...result, outcome: 'quota' });
  };

  return {
    take(one: Step) {
      if (one.do === 'enter') for (let i = 0; i < one.many; i++) enter(one.name);
      else if (one.do === 'give-up') giveUp(one.which);
      else if (one.do === 'leave') leave(one.which, one.result);
      else nowMs += one.ms;
    },
    check({ least, most }: { least: number; most: number }) {
      const { state } = bulkheads;
      assert.ok(state.limit <= most && state.limit >= Math.min(least, most), `${state.limit}`);
      assert.deepEqual(
        state.waiting,
        perClass((name) => waiting[name].length),
      );
      assert.deepEqual(
        state.inFlight,
        perClass((name) => inside.filter((visitor) => visitor.name === name).length),
      );
      assert.ok(inside.length <= most + sharesOf(most), `${inside.length} in flight`);
      assertNobodyWaitsInVain(state, nowMs);
    },
    async everyoneLeaves() {
      while (inside.length > 0) {
        leave(0, { query: 'a', tookMs: 100, outcome: 'ok' });
        await settled();
      }
      assert.deepEqual(bulkheads.state.waiting, { live: 0, analyst: 0, warm: 0 });
    },
  };
}

/** Below its share no class waits, and none waits while there is room. */
function assertNobodyWaitsInVain(state: Bulkheads['state'], nowMs: number) {
  const total = CLASSES.reduce((sum, name) => sum + state.inFlight[name], 0);
  for (const name of CLASSES) {
    if (state.waiting[name] === 0) continue;
    assert.ok(state.inFlight[name] >= shareOf(name, state.limit), `${name} starves at ${nowMs}`);
    assert.ok(total >= state.limit, `${name} waits beside free room at ${nowMs}`);
  }
}

function shareOf(name: QueryClass, limit: number): number {
  return Math.max(1, Math.floor(limit * SHARES[name]));
}

/** What the classes that come to their own after the room was lent can add. */
function sharesOf(limit: number): number {
  return CLASSES.reduce((sum, name) => sum + shareOf(name, limit), 0);
}

function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
