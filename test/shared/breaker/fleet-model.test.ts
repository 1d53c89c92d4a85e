import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import * as fc from 'fast-check';
import { LAG_MS } from './memory-board.ts';
import { createSmallFleet, limits, type SmallFleet } from './small-fleet.ts';

const OUTCOMES = ['success', 'failure', 'ignored'] as const;

type Step = (fleet: SmallFleet) => void | Promise<void>;

/** A step with a name, so that a counterexample can be read. */
function step<T>(name: string, from: fc.Arbitrary<T>, take: (value: T) => Step) {
  return from.map((value): fc.AsyncCommand<object, SmallFleet> => {
    const run = take(value);
    return {
      check: () => true,
      async run(_model, fleet) {
        await run(fleet);
        await fleet.pass(0);
      },
      toString: () => `${name} ${JSON.stringify(value)}`,
    };
  });
}

const process = fc.nat({ max: 2 });
const pick = fc.nat();

const steps = [
  step('ask', process, (one) => (fleet) => fleet.ask(one)),
  step('ask', fc.array(process, { maxLength: 6 }), (several) => (fleet) => {
    for (const one of several) fleet.ask(one);
  }),
  step('report', fc.tuple(pick, fc.constantFrom(...OUTCOMES)), ([which, outcome]) => (fleet) => {
    takeOne(fleet.calls, which)?.report(outcome);
  }),
  step('fail', process, (one) => async (fleet) => {
    const before = fleet.calls.length;
    for (let call = 0; call < limits.leastCalls; call++) fleet.ask(one);
    await fleet.pass(0);
    for (const { report } of fleet.calls.splice(before)) report('failure');
  }),
  step('deliver', pick, (which) => (fleet) => deliver(fleet, which)),
  step('deliver again', pick, (which) => (fleet) => {
    if (fleet.oldMail.length > 0) fleet.oldMail[which % fleet.oldMail.length]?.deliver();
  }),
  step('lose', pick, (which) => (fleet) => {
    const lost = takeOne(fleet.board.mail, which);
    if (lost) fleet.oldMail.push(lost);
  }),
  step('board', fc.constantFrom('works', 'lags'), (conduct) => (fleet) => {
    fleet.board.conduct = conduct;
  }),
  step('pass', fc.constantFrom(1, 100, 250, 1_000, 3_000), (ms) => (fleet) => fleet.pass(ms)),
];

const troubles = [
  step('board', fc.constantFrom('rejects', 'hangs'), (conduct) => (fleet) => {
    fleet.board.conduct = conduct;
    fleet.troubles++;
  }),
  step('forget', fc.constant('all'), () => (fleet) => {
    fleet.board.forget();
    fleet.troubles++;
    for (const call of fleet.calls) call.isLoose = true;
  }),
];

for (const [board, commands] of [
  ['a board that works', steps],
  ['a board in trouble', [...steps, ...troubles]],
] as const)
  test(`breakers with ${board} never admit while open, never probe twice at a time, and close when calls succeed`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.commands([...commands], { maxCommands: 60, size: 'max' }),
        async (run) => {
          const fleet = createSmallFleet(mock);
          try {
            await fc.asyncModelRun(() => ({ model: {}, real: fleet }), run);
            await recover(fleet);
            await assertStaysClosed(fleet);
          } finally {
            fleet.end();
          }
        },
      ),
      { numRuns: 200 },
    );
  });

/** Everybody asks now and then, and all that is admitted from now on succeeds: then all close, whatever the board does. */
async function recover(fleet: SmallFleet): Promise<void> {
  fleet.calls.splice(0);
  const patienceMs = 4 * (limits.probeMs + limits.resetAfterMs);
  for (let waitedMs = 0; waitedMs < patienceMs && !isClosed(fleet); waitedMs += 300) {
    while (fleet.board.mail.length > 0) deliver(fleet, 0);
    for (const one of fleet.breakers.keys()) fleet.ask(one);
    await fleet.pass(300);
    for (const { report } of fleet.calls.splice(0)) report('success');
    await fleet.pass(0);
  }
  const states = fleet.breakers.map(({ state }) => state);
  assert.deepEqual(states, ['closed', 'closed', 'closed']);
}

/** What was said before the fleet closed changes nothing any more, however often and late it is heard. */
async function assertStaysClosed(fleet: SmallFleet): Promise<void> {
  if (fleet.troubles > 0) return;
  await fleet.pass(2 * LAG_MS);
  while (fleet.board.mail.length > 0) deliver(fleet, 0);
  for (const { deliver } of fleet.oldMail.toReversed()) deliver();
  assert.ok(isClosed(fleet), 'old news has opened a breaker');
}

function isClosed({ breakers }: SmallFleet): boolean {
  return breakers.every(({ state }) => state === 'closed');
}

function deliver({ board, oldMail }: SmallFleet, which: number): void {
  const mail = takeOne(board.mail, which);
  if (!mail) return;
  oldMail.push(mail);
  mail.deliver();
}

function takeOne<T>(from: T[], which: number): T | undefined {
  return from.splice(from.length > 0 ? which % from.length : 0, 1)[0];
}
