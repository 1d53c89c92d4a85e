import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Redis } from 'ioredis';
import { policySchema } from '../../../shared/catalog/policy.ts';
import { monotonicClock } from '../../../shared/clock.ts';
import type { FlightJob } from '../../../shared/queue/flight-job.ts';
import { triesKey, warehouseJobKey } from '../../../shared/redis/keys.ts';
import { type Batches, createBatches } from '../../../workers/batch/batches.ts';
import type { FlightEnd } from '../../../workers/run-flight.ts';
import { runFlight } from '../../../workers/run-flight.ts';
import type { QueryThreads } from '../../../workers/query-threads.ts';
import type { WorkerContext } from '../../../workers/worker-context.ts';
import type { BatchTask, MemberOutcome, QueryOutcome } from '../../../workers/thread/task.ts';
import { encoded, makeEntry, newFingerprint } from '../../shared/entry/make-entry.ts';
import { startTestRedis, type TestRedis } from '../../shared/with-redis.ts';
import { until } from '../../until.ts';
import { type Crew, crewJob, musterCrew } from '../flight-crew.ts';

type Run = (task: BatchTask, signal: AbortSignal, alone: boolean) => Promise<QueryOutcome>;

let redis: TestRedis;
let connection: Redis;
let crew: Crew;
/** What the threads do with a batch; each test sets its own. */
let run: Run;
let tasks: BatchTask[] = [];

before(async () => {
  redis = await startTestRedis('queue');
  connection = await redis.connect();
  const threads: QueryThreads = {
    async run(task, signal, how) {
      assert.ok('members' in task);
      tasks.push(task);
      return run(task, signal, how?.alone === true);
    },
    cancel: async () => true,
    dryRun: async () => ({ ok: false, problem: 'not asked for' }),
    lookAtTable: async () => ({ kind: 'unreadable', problem: 'not asked for' }),
    close: async () => undefined,
  };
  crew = await musterCrew(redis, threads);
});
after(async () => {
  crew.end();
  await redis[Symbol.asyncDispose]();
});

describe('flights of a batched query', () => {
  test('that come together share a job, whose id each of them remembers before it runs', async () => {
    const prints = newPrints(20);
    let remembered: (string | null)[] = [];
    begin(async (task) => {
      remembered = await Promise.all(prints.map((print) => connection.get(warehouseJobKey(print))));
      return allOf(task);
    });
    assert.deepEqual(await fly(prints), ends('landed', 20));
    assert.equal(tasks.length, 1);
    assert.deepEqual(new Set(remembered), new Set([tasks[0]?.warehouseJobId]));
    for (const print of prints) assert.equal((await entryOf(print))?.fingerprint, print);
    assert.deepEqual(await keysOf(prints), ends(null, 20));
  });

  test('that differ in more than their key fly apart', async () => {
    begin((task) => allOf(task));
    const [a = '', b = '', c = ''] = newPrints(3);
    const jobs = [jobOf(a, 1, 4), jobOf(b, 2, 4), jobOf(c, 3, 8)];
    assert.deepEqual(await flyTogether(crew.context, jobs), ends('landed', 3));
    assert.deepEqual(new Set(tasks.map(({ members }) => members.length)), new Set([1, 2]));
    assert.equal(tasks.length, 2);
  });

  test('do not fail for one whose rows are bad', async () => {
    const prints = newPrints(5);
    begin((task) => allOf(task, ({ key }) => key !== 3));
    assert.deepEqual(await fly(prints), ['landed', 'landed', 'landed', 'failed', 'landed']);
    assert.equal(tasks.length, 1);
  });

  test('are split until the one is alone under whose key the job fails', async () => {
    const prints = newPrints(32);
    begin(async (task) => (has(task, 7) ? failure('query-failed') : allOf(task)));
    const flown = await fly(prints);
    assert.deepEqual(
      flown.map((end, key) => [key, end]).filter(([, end]) => end !== 'landed'),
      [[7, 'failed']],
    );
    // One job for all, then two for each halving.
    assert.equal(tasks.length, 1 + 2 * Math.log2(32));
  });

  test('are split and get a thread for themselves when a thread has died under them', async () => {
    const prints = newPrints(4);
    const aloneOf = new Map<number, boolean>();
    begin(async (task, _signal, alone) => {
      aloneOf.set(task.members.length, alone);
      return has(task, 2) ? { ...failure('internal', 'running'), died: true } : allOf(task);
    });
    const flown = await fly(prints);
    assert.deepEqual(flown.toSpliced(2, 1), ends('landed', 3));
    assert.equal(flown[2], 'failed');
    assert.equal(await connection.get(triesKey(prints[2] ?? '')), '3');
    assert.equal(aloneOf.get(4), false);
    assert.equal(aloneOf.get(1), true);
  });

  test('are not split without end when every key fails', async () => {
    begin(async () => failure('query-failed'));
    assert.deepEqual(await fly(newPrints(64)), ends('failed', 64));
    assert.ok(tasks.length <= 1 + 2 * 17, `${tasks.length} jobs`);
  });

  for (const code of ['timeout', 'quota-exceeded', 'over-budget'] as const)
    test(`fail together when it is nobody's doing: ${code}`, async () => {
      begin(async () => failure(code));
      assert.deepEqual(await fly(newPrints(8)), ends('failed', 8));
      assert.equal(tasks.length, 1);
    });

  test('go on at the job in which a dead worker had them, with those who were in it', async () => {
    const prints = newPrints(6);
    const left = prints.slice(0, 3);
    for (const print of left) await connection.set(warehouseJobKey(print), 'left-behind');
    begin((task) => allOf(task));
    assert.deepEqual(await fly(prints), ends('landed', 6));
    const taken = tasks.find(({ warehouseJobId }) => warehouseJobId === 'left-behind');
    assert.deepEqual(
      taken?.members.map(({ fingerprint }) => fingerprint).toSorted(),
      left.toSorted(),
    );
    assert.equal(tasks.length, 2);
  });

  test('are cancelled once nobody wants any of them, and not before', async () => {
    const [print = '', other = ''] = newPrints(2);
    const stopped = Promise.withResolvers<unknown>();
    begin(async (_task, signal) => {
      signal.addEventListener('abort', () => stopped.resolve(signal.reason));
      await stopped.promise;
      return failure('timeout');
    });
    const now = monotonicClock.now();
    const jobs = [
      { ...jobOf(print, 1), deadline: now + 1_000 },
      { ...jobOf(other, 2), deadline: now + 2_500 },
    ];
    assert.deepEqual(await flyTogether(crew.context, jobs), ends('cancelled', 2));
    assert.equal(await stopped.promise, 'cancel');
    assert.ok(monotonicClock.now() >= now + 2_500);
  });

  test('have their whole time from when there is a place for their job', async () => {
    const { context } = crew;
    const place = Promise.withResolvers<void>();
    const isWaiting = Promise.withResolvers<void>();
    let lateMs = 0;
    const waiting = {
      ...context,
      clock: { now: () => monotonicClock.now() + lateMs },
      bulkheads: {
        ...context.bulkheads,
        async enter(...about: Parameters<typeof context.bulkheads.enter>) {
          isWaiting.resolve();
          await place.promise;
          return context.bulkheads.enter(...about);
        },
      },
    };
    begin((task) => allOf(task));
    const [print = ''] = newPrints(1);
    const job = { ...jobOf(print, 1), deadline: monotonicClock.now() + 120_000 };
    const flight = runFlight({ ...waiting, batches: createBatches(waiting) }, job);
    await isWaiting.promise;
    lateMs = 60_000;
    place.resolve();
    assert.equal(await flight, 'landed');
    const { timeoutMs } = policySchema.parse({});
    assert.ok(Math.abs((tasks[0]?.budgetMs ?? 0) - timeoutMs) < 1_000, `${tasks[0]?.budgetMs}`);
  });

  test('fail as late, and run nothing, when a half of them gets a place after their time', async () => {
    const { context } = crew;
    let lateMs = 0;
    let places = 0;
    const late = {
      ...context,
      clock: { now: () => monotonicClock.now() + lateMs },
      bulkheads: {
        ...context.bulkheads,
        enter(...about: Parameters<typeof context.bulkheads.enter>) {
          places += 1;
          if (places > 1) lateMs = 60_000;
          return context.bulkheads.enter(...about);
        },
      },
    };
    begin(async () => failure('query-failed'));
    const prints = newPrints(2);
    const flying = { ...late, batches: createBatches(late) };
    const deadline = monotonicClock.now() + 120_000;
    const jobs = prints.map((print, key) => ({ ...jobOf(print, key), deadline }));
    assert.deepEqual(await flyTogether(flying, jobs), ends('failed', 2));
    assert.equal(places, 3);
    assert.equal(tasks.length, 1);
    const { landing } = await context.landings.look(prints[0] ?? '');
    assert.ok(landing?.outcome === 'failed' && landing.code === 'timeout');
    assert.deepEqual(await keysOf(prints), ends(null, 2));
  });

  test('are left to others with their job when the process closes', async () => {
    const own = await musterCrew(redis, crew.context.threads);
    const prints = newPrints(3);
    const begun = Promise.withResolvers<AbortSignal>();
    begin(async (_task, signal) => {
      begun.resolve(signal);
      await until(() => signal.aborted);
      return failure('timeout', 'running');
    });
    const flights = fly(prints, own.context);
    const signal = await begun.promise;
    own.context.endFlights('abandon');
    assert.deepEqual(await flights, ends('lost', 3));
    assert.equal(signal.reason, 'abandon');
    assert.deepEqual(await keysOf(prints), ends(tasks[0]?.warehouseJobId, 3));
    own.end();
  });
});

function begin(does: Run): void {
  tasks = [];
  run = does;
}

function fly(prints: readonly string[], context = crew.context): Promise<FlightEnd[]> {
  return flyTogether(
    context,
    prints.map((print, key) => jobOf(print, key)),
  );
}

/** Flies them so that they join their batches in one turn: Redis may be slow for one of them, and a batch waits for nobody. */
function flyTogether(context: WorkerContext, jobs: readonly FlightJob[]): Promise<FlightEnd[]> {
  const all = Promise.withResolvers<void>();
  let come = 0;
  const batches: Batches = {
    async ride(seat) {
      come += 1;
      if (come === jobs.length) all.resolve();
      await all.promise;
      return context.batches.ride(seat);
    },
  };
  return Promise.all(jobs.map((job) => runFlight({ ...context, batches }, job)));
}

function jobOf(print: string, key: number, limit = 4) {
  return { ...crewJob(print, 0, 'batched'), parameters: { key, limit } };
}

/** An entry for every member, but for those that are not well. */
async function allOf(
  task: BatchTask,
  isWell: (parameters: Record<string, unknown>) => boolean = () => true,
): Promise<QueryOutcome> {
  const asOf = monotonicClock.now();
  const parts: Uint8Array[] = [];
  const members: MemberOutcome[] = [];
  let from = 0;
  for (const { fingerprint, parameters } of task.members) {
    if (!isWell(parameters)) {
      members.push({ ok: false, code: 'bad-result', detail: 'as scripted' });
      continue;
    }
    const { bytes } = await encoded(makeEntry({ fingerprint, asOf }));
    members.push({ ok: true, from, to: from + bytes.length });
    parts.push(bytes);
    from += bytes.length;
  }
  return { ok: true, bytes: new Uint8Array(Buffer.concat(parts)), asOf, encodeMs: 0, members };
}

function has(task: BatchTask, key: number): boolean {
  return task.members.some(({ parameters }) => parameters['key'] === key);
}

function failure(
  code: 'query-failed' | 'internal' | 'timeout' | 'quota-exceeded' | 'over-budget',
  job: 'settled' | 'running' = 'settled',
) {
  return { ok: false, code, detail: 'as scripted', job } as const;
}

function newPrints(count: number): string[] {
  return Array.from({ length: count }, newFingerprint);
}

function ends<T>(end: T, count: number): T[] {
  return Array.from({ length: count }, () => end);
}

function keysOf(prints: readonly string[]): Promise<(string | null)[]> {
  return Promise.all(prints.map((print) => connection.get(warehouseJobKey(print))));
}

async function entryOf(print: string) {
  const [found] = await crew.context.entries.readMany([print]);
  return found?.kind === 'entry' ? found.entry : undefined;
}
