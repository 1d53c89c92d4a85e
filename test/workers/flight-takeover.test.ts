import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Redis } from 'ioredis';
import { createLandings, type Landings } from '../../shared/flight/landings.ts';
import { leaseKey, triesKey, warehouseJobKey } from '../../shared/redis/keys.ts';
import { runFlight } from '../../workers/run-flight.ts';
import type { WorkerContext } from '../../workers/worker-context.ts';
import { newFingerprint } from '../shared/entry/make-entry.ts';
import { startTestRedis, type TestRedis } from '../shared/with-redis.ts';
import { until } from '../until.ts';
import { type Crew, crewJob, musterCrew } from './flight-crew.ts';
import { createScriptedWarehouse, type Run } from './scripted-threads.ts';

const FAR_MS = 60_000;
let redis: TestRedis;
let connection: Redis;
let landings: Landings;
let crews: readonly Crew[];
const warehouse = createScriptedWarehouse(() => undefined);

before(async () => {
  redis = await startTestRedis('queue');
  connection = await redis.connect();
  landings = createLandings(connection);
  crews = await Promise.all([0, 1, 2].map((crew) => musterCrew(redis, warehouse.threadsOf(crew))));
});
afterEach(() => Promise.all(crews.map((crew) => crew.mend())));
after(async () => {
  for (const crew of crews) crew.end();
  await redis[Symbol.asyncDispose]();
});

describe('a flight whose holder is gone', () => {
  test('goes on at the same warehouse job, and the holder of before stores nothing over a newer entry', async () => {
    const print = newFingerprint();
    const zombie = fly(0, print);
    const first = await runOf(print, 0);
    crewAt(0).cut();
    await loseLease(print);

    const second = fly(1, print);
    const attached = await runOf(print, 1);
    assert.equal(attached.jobId, first.jobId);
    attached.end('ok');
    assert.equal(await second, 'landed');

    const stored = await entryOf(print);
    const third = fly(2, print, stored.asOf);
    const newer = await runOf(print, 2);
    assert.notEqual(newer.jobId, first.jobId);
    newer.end('ok');
    assert.equal(await third, 'landed');

    const { asOf } = await entryOf(print);
    first.end('ok');
    assert.match(await zombie, /^(kept|lost)$/);
    assert.equal((await entryOf(print)).asOf, asOf);
  });

  test('is stopped without its warehouse job once the lease is seen to be lost', async () => {
    const print = newFingerprint();
    const flight = fly(0, print);
    const run = await runOf(print, 0);
    await loseLease(print);
    assert.equal(await flight, 'lost');
    assert.equal(run.stopped, 'abandon');
    assert.equal(warehouse.jobs.get(run.jobId)?.state, 'running');
    assert.equal(await connection.get(warehouseJobKey(print)), run.jobId);
  });

  test('is stopped when its lease can no longer be renewed', async () => {
    const print = newFingerprint();
    const flight = fly(2, print);
    const run = await runOf(print, 2);
    crewAt(2).cut();
    assert.equal(await flight, 'lost');
    assert.equal(run.stopped, 'abandon');
  });

  test('does not leave its warehouse job to nobody when a good entry is found', async () => {
    const print = newFingerprint();
    const stored = fly(1, print);
    (await runOf(print, 1)).end('ok');
    await stored;
    const { asOf } = await entryOf(print);
    const dead = fly(0, print, asOf);
    const { jobId } = await runOf(print, 0);
    crewAt(0).cut();
    await loseLease(print);
    assert.equal(await fly(1, print), 'found');
    assert.equal(warehouse.jobs.get(jobId)?.state, 'cancelled');
    await crewAt(0).mend();
    assert.equal(await dead, 'lost');
  });

  test('does not leave its warehouse job running when nobody wants the flight', async () => {
    const print = newFingerprint();
    const dead = fly(0, print);
    const { jobId } = await runOf(print, 0);
    crewAt(0).cut();
    await loseLease(print);
    await want(print, 'one', 0);
    assert.equal(await fly(1, print), 'expired');
    assert.equal(warehouse.jobs.get(jobId)?.state, 'cancelled');
    await crewAt(0).mend();
    assert.equal(await dead, 'lost');
  });

  test('is not flown a third time when two have not come back, and rests', async () => {
    const print = newFingerprint();
    const lost = [];
    for (const crew of [0, 1]) {
      lost.push(fly(crew, print));
      const { alone } = await runOf(print, crew);
      assert.equal(alone, crew === 1);
      crewAt(crew).cut();
      await loseLease(print);
    }
    assert.equal(await fly(2, print), 'failed');
    const { landing } = await landings.look(print);
    assert.ok(landing?.outcome === 'failed' && landing.code === 'quarantined');
    assert.equal(runsOf(print).length, 2);
    await Promise.all([crewAt(0).mend(), crewAt(1).mend()]);
    assert.deepEqual(await Promise.all(lost), ['lost', 'lost']);
  });
});

describe('a flight under which its thread dies', () => {
  test('is guilty when it has died by itself, rests, and blames no neighbour', async () => {
    const [killer, neighbour] = [newFingerprint(), newFingerprint()];
    const flights = [fly(0, killer), fly(0, neighbour)];
    for (const print of [killer, neighbour]) (await runOf(print, 0)).end('dies');
    for (const [print, how] of [
      [killer, 'dies'],
      [neighbour, 'ok'],
    ] as const) {
      const again = await runOf(print, 0);
      assert.equal(again.alone, true);
      again.end(how);
    }
    assert.deepEqual(await Promise.all(flights), ['failed', 'landed']);
    assert.equal(await connection.exists(triesKey(neighbour)), 0);
    const before = runsOf(killer).length;
    assert.equal(await fly(1, killer), 'failed');
    assert.equal(runsOf(killer).length, before);
  });
});

describe('a flight that is wanted', () => {
  test('goes on for the latest wish, and is cancelled with its warehouse job when that is taken back', async () => {
    const print = newFingerprint();
    await want(print, 'one', FAR_MS);
    await want(print, 'two', FAR_MS);
    const flight = fly(0, print);
    const run = await runOf(print, 0);
    await want(print, 'one', 0);
    await renewed(print);
    assert.equal(run.stopped, undefined);
    await want(print, 'two', 0);
    assert.equal(await flight, 'cancelled');
    assert.equal(run.stopped, 'cancel');
    assert.equal(warehouse.jobs.get(run.jobId)?.state, 'cancelled');
    assert.equal(await connection.exists(warehouseJobKey(print)), 0);
    assert.equal(Number(await connection.get(triesKey(print))), 0);
  });

  test('by nobody any more still goes on when its query harvests', async () => {
    const print = newFingerprint();
    await want(print, 'one', FAR_MS);
    const flight = runFlight(crewAt(0).context, crewJob(print, 0, 'harvests'));
    const run = await runOf(print, 0);
    await want(print, 'one', 0);
    await renewed(print);
    assert.equal(run.stopped, undefined);
    run.end('ok');
    assert.equal(await flight, 'landed');
  });
});

describe('a flight that gets its lease late', () => {
  test('finds what has landed since it looked, and runs nothing', async () => {
    const print = newFingerprint();
    const latch = Promise.withResolvers<void>();
    const { context } = crewAt(0);
    const looked = Promise.withResolvers<void>();
    const late: WorkerContext = {
      ...context,
      entries: {
        ...context.entries,
        async readMany(prints) {
          const found = await context.entries.readMany(prints);
          looked.resolve();
          return found;
        },
      },
      leases: {
        ...context.leases,
        async take(...about) {
          await latch.promise;
          return context.leases.take(...about);
        },
      },
    };
    const flight = runFlight(late, crewJob(print));
    await looked.promise;
    const other = fly(1, print);
    (await runOf(print, 1)).end('ok');
    assert.equal(await other, 'landed');
    latch.resolve();
    assert.equal(await flight, 'found');
    assert.equal(runsOf(print).length, 1);
  });
});

function crewAt(which: number): Crew {
  return crews[which] ?? assert.fail('no such crew');
}

function fly(crew: number, print: string, newerThan = 0): Promise<string> {
  return runFlight(crewAt(crew).context, crewJob(print, newerThan));
}

function runsOf(print: string): readonly Run[] {
  return warehouse.runs.filter(({ fingerprint }) => fingerprint === print);
}

function runOf(print: string, crew: number): Promise<Run> {
  const isIt = (run: Run) => run.crew === crew && !run.isOver;
  return until(() => runsOf(print).find(isIt), { what: 'the query runs' });
}

/** As when its holder has not renewed it in time. */
async function loseLease(print: string): Promise<void> {
  assert.equal(await connection.del(leaseKey(print)), 1);
}

/** The holder has renewed the lease, and so has heard who wants the flight. */
async function renewed(print: string): Promise<void> {
  await connection.pexpire(leaseKey(print), 2_500);
  await until(async () => (await connection.pttl(leaseKey(print))) > 2_500);
}

async function want(print: string, watcher: string, forMs: number): Promise<void> {
  const now = Date.now();
  await landings.look(print, { watcher, until: forMs === 0 ? 0 : now + forMs, now });
}

async function entryOf(print: string) {
  const [found] = await crewAt(1).context.entries.readMany([print]);
  return found?.kind === 'entry' ? found.entry : assert.fail('there is no entry');
}
