import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import * as fc from 'fast-check';
import type { Redis } from 'ioredis';
import { createLandings, type Landings } from '../../shared/flight/landings.ts';
import { leaseKey, warehouseJobKey } from '../../shared/redis/keys.ts';
import { runFlight } from '../../workers/run-flight.ts';
import { newFingerprint } from '../shared/entry/make-entry.ts';
import { settling, startTestRedis, type TestRedis } from '../shared/with-redis.ts';
import { type Crew, crewJob, musterCrew } from './flight-crew.ts';
import { createScriptedWarehouse, type Ending, type Run } from './scripted-threads.ts';

/** What happens to one fingerprint, after a pause. `deliver` gives its job to a crew; `rob` ends a lease as if its holder were dead. */
type Step = { readonly afterMs: number } & (
  | { readonly do: 'deliver'; readonly crew: number; readonly isNewer: boolean }
  | { readonly do: 'rob' }
  | { readonly do: 'cut'; readonly crew: number; readonly forMs: number }
);

/** A fingerprint's steps, how its runs go on, and whether somebody wants it to the end. */
interface Story {
  readonly steps: readonly Step[];
  readonly runs: readonly { readonly tookMs: number; readonly how: Ending }[];
  readonly isWanted: boolean;
}

const FAR_MS = 120_000;
const CREWS = [0, 1, 2];
const crew = fc.constantFrom(...CREWS);
const afterMs = fc.constantFrom(0, 5, 60, 400);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('deliver'),
      afterMs,
      crew,
      isNewer: fc.constantFrom(true, true, true, false),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rob'), afterMs }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('cut'),
      afterMs,
      crew,
      forMs: fc.constantFrom(20, 700),
    }),
  },
);
const story: fc.Arbitrary<Story> = fc.record({
  steps: fc.array(step, { minLength: 3, maxLength: 10 }),
  runs: fc.array(
    fc.record({
      tookMs: fc.constantFrom(1, 40, 300, 1_500),
      how: fc.constantFrom<Ending>('ok', 'ok', 'ok', 'fails', 'dies'),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  isWanted: fc.boolean(),
});

let redis: TestRedis;
let connection: Redis;
let landings: Landings;

before(async () => {
  redis = await startTestRedis('queue');
  connection = await redis.connect();
  landings = createLandings(connection);
});
after(() => redis[Symbol.asyncDispose]());

test('however flights are delivered, robbed and cut off, one flies, none is cancelled that is wanted, and nothing is left', async () => {
  const stories = fc.array(story, { minLength: 40, maxLength: 40, size: 'max' });
  const property = fc.asyncProperty(stories, async (told) => settling(tell(told)));
  await fc.assert(property, { numRuns: 2, endOnFailure: true });
});

/** What is known of a fingerprint while its story is told. */
interface Telling {
  readonly story: Story;
  /** How many deliveries each crew has on its hands. */
  readonly busy: Map<number, number>;
  /** The crews that may fly it without its lease: they have been robbed of it or cut off since they took it. */
  readonly astray: Set<number>;
  /** What crews have stored, in their order. */
  readonly stored: number[];
}

/** Tells all stories at once, by the same crews. */
async function tell(stories: readonly Story[]): Promise<void> {
  const tellings = new Map(
    stories.map((story): [string, Telling] => [
      newFingerprint(),
      { story, busy: new Map(), astray: new Set(), stored: [] },
    ]),
  );
  const wrong: string[] = [];
  const tellingOf = (print: string) => tellings.get(print) ?? assert.fail('nobody tells of it');
  const warehouse = createScriptedWarehouse(
    (run) => {
      const { story, astray } = tellingOf(run.fingerprint);
      const others = warehouse.runs.filter((one) => isBeside(one, run) && !astray.has(one.crew));
      // Who was robbed between the lease and the warehouse does not know it yet.
      if (others.length > 0 && !astray.has(run.crew))
        wrong.push(`${run.fingerprint} is flown twice at a time`);
      const nth = warehouse.runs.filter((one) => one.fingerprint === run.fingerprint).length - 1;
      const { tookMs, how } = story.runs[nth % story.runs.length] ?? assert.fail('no runs');
      setTimeout(() => run.end(how), tookMs);
    },
    ({ fingerprint, stopped }) => {
      if (stopped === 'cancel' && tellingOf(fingerprint).story.isWanted)
        wrong.push(`${fingerprint} is wanted and was cancelled`);
    },
  );
  const onStored = (print: string, asOf: number) => tellingOf(print).stored.push(asOf);
  const crews = await Promise.all(
    CREWS.map((which) => musterCrew(redis, warehouse.threadsOf(which), onStored)),
  );
  try {
    const prints = [...tellings.keys()];
    await Promise.all(prints.map((print) => tellOne(crews, tellings, print)));
    assert.deepEqual(wrong, []);
    assert.ok(warehouse.runs.length >= stories.length / 4, 'hardly anything was flown');
    for (const [print, { stored }] of tellings) {
      await assertNewest(crews, print, stored);
      for (const { id, fingerprint, state } of warehouse.jobs.values())
        if (fingerprint === print && state === 'running')
          assert.equal(await connection.get(warehouseJobKey(print)), id, 'nobody knows of a job');
    }
  } finally {
    for (const crew of crews) crew.end();
  }
}

function isBeside(one: Run, run: Run): boolean {
  return one !== run && one.fingerprint === run.fingerprint && !one.isOver && !one.stopped;
}

async function tellOne(
  crews: readonly Crew[],
  tellings: ReadonlyMap<string, Telling>,
  print: string,
): Promise<void> {
  const telling = tellings.get(print) ?? assert.fail('nobody tells of it');
  const { story } = telling;
  const now = Date.now();
  await landings.look(print, { watcher: 'first', until: now + FAR_MS, now });
  if (story.isWanted) await landings.look(print, { watcher: 'other', until: now + FAR_MS, now });
  const flights: Promise<unknown>[] = [];
  for (const step of story.steps) {
    await pause(step.afterMs);
    switch (step.do) {
      case 'deliver':
        flights.push(deliver(crews, print, step, telling));
        break;
      case 'rob':
        for (const crew of CREWS) goAstray(telling, crew);
        await connection.del(leaseKey(print));
        break;
      case 'cut':
        for (const one of tellings.values()) goAstray(one, step.crew);
        flights.push(cut(pickCrew(crews, step.crew), step.forMs));
        break;
      default:
        step satisfies never;
    }
  }
  await landings.look(print, { watcher: 'first', until: 0, now: Date.now() });
  await Promise.all(flights);
}

/** A crew that is cut off cannot take it: its queue would give the job to another. */
async function deliver(
  crews: readonly Crew[],
  print: string,
  { crew, isNewer }: Step & { do: 'deliver' },
  { busy, astray }: Telling,
): Promise<void> {
  busy.set(crew, (busy.get(crew) ?? 0) + 1);
  const { context } = pickCrew(crews, crew);
  const [found] = isNewer ? await context.entries.readMany([print]) : [];
  const newerThan = found?.kind === 'entry' ? found.entry.asOf : 0;
  await runFlight(context, crewJob(print, newerThan)).catch((error: unknown) => {
    assert.match(String(error), /Connection|Stream/i);
  });
  busy.set(crew, (busy.get(crew) ?? 0) - 1);
  if (busy.get(crew) === 0) astray.delete(crew);
}

function goAstray({ busy, astray }: Telling, crew: number): void {
  if ((busy.get(crew) ?? 0) > 0) astray.add(crew);
}

async function cut(crew: Crew, forMs: number): Promise<void> {
  crew.cut();
  await pause(forMs);
  await crew.mend();
}

async function assertNewest(
  crews: readonly Crew[],
  print: string,
  stored: readonly number[],
): Promise<void> {
  const [found] = await pickCrew(crews, 0).context.entries.readMany([print]);
  const asOf = found?.kind === 'entry' ? found.entry.asOf : 0;
  assert.equal(asOf, Math.max(0, ...stored), 'a newer entry was replaced');
}

function pickCrew(crews: readonly Crew[], which: number): Crew {
  return crews[which] ?? assert.fail('no such crew');
}
