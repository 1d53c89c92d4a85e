import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Registry } from 'prom-client';
import type { Query } from '../../../shared/catalog/catalog.ts';
import type { WarmFrom } from '../../../shared/catalog/warm.ts';
import { fingerprint, PUBLIC_SCOPE } from '../../../shared/fingerprint.ts';
import { runWarming } from '../../../workers/warm/run-warming.ts';
import { planRun } from '../../../workers/warm/warming-plan.ts';
import type { WorkerContext } from '../../../workers/worker-context.ts';
import { encoded, makeEntry } from '../../shared/entry/make-entry.ts';
import { startTestRedis, type TestRedis } from '../../shared/with-redis.ts';
import { type Crew, musterCrew } from '../flight-crew.ts';
import { createScriptedWarehouse } from '../scripted-threads.ts';
import { warmingContext } from './warming-context.ts';

const MINUTE = 60_000;

let redis: TestRedis;
let crew: Crew;
/** The fingerprints that have been flown. */
let flown: string[];

before(async () => {
  redis = await startTestRedis('queue');
  const warehouse = createScriptedWarehouse((run) => {
    flown.push(run.fingerprint);
    run.end('ok');
  });
  crew = await musterCrew(redis, warehouse.threadsOf(0));
});
after(async () => {
  crew.end();
  await redis[Symbol.asyncDispose]();
});
beforeEach(async () => {
  flown = [];
  await crew.context.redis.queue.flushall();
});

/** The query of the crew that is called plain, to be warmed for three sets and what is told. */
function warmed(from?: WarmFrom): Query {
  const plain = crew.context.catalog.queries.get('plain');
  assert.ok(plain);
  const sets = [{ key: 1 }, { key: 2 }, { key: 3 }];
  return { ...plain, warm: { everyMs: MINUTE, sets, from, learned: 0 } };
}

function fingerprintOf(key: number): string {
  return fingerprint({ query: 'plain', version: 'v', scope: PUBLIC_SCOPE, parameters: { key } });
}

/** A run to its end, and the metrics that it leaves. */
async function warm(
  query: Query,
  changes: Partial<WorkerContext> = {},
  startedAt = crew.context.clock.now(),
) {
  const registry = new Registry();
  const context = warmingContext({ ...crew.context, ...changes }, registry);
  const run = await runWarming(context, query, {
    id: '1',
    plan: planRun(MINUTE, startedAt),
    mishaps: 1,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  assert.ok(run);
  assert.deepEqual(await context.runs.read('plain'), run);
  const told = await registry.getSingleMetricAsString('punctual_warm_sets_total');
  return { run, told };
}

test('every set is flown, which makes up for mishaps before', async () => {
  const { run, told } = await warm(warmed());
  assert.deepEqual([run.flown, run.failed, run.state], [3, 0, 'done']);
  assert.deepEqual([run.mishaps, run.nextRunAt - run.startedAt], [0, MINUTE]);
  assert.deepEqual(new Set(flown), new Set([1, 2, 3].map(fingerprintOf)));
  assert.match(told, /outcome="flown"\} 3$/m);
});

test('a flight that crashes has failed, and the others are flown', async () => {
  const { leases } = crew.context;
  const { run, told } = await warm(warmed(), {
    leases: {
      ...leases,
      async take(of, holder, job) {
        if (of === fingerprintOf(2)) throw new Error('the queue role is away');
        return leases.take(of, holder, job);
      },
    },
  });
  assert.deepEqual([run.flown, run.failed, run.state], [2, 1, 'done']);
  assert.match(told, /outcome="failed"\} 1$/m);
});

test('without the rows of the warming query the declared sets are flown, and the run has failed', async () => {
  const other: Query = { ...warmed(), name: 'other', warm: undefined };
  const queries = new Map([...crew.context.catalog.queries, ['other', other] as const]);
  const { run } = await warm(warmed({ query: 'other', parameters: {} }), {
    catalog: { queries, endpoints: new Map() },
    modeOf: (name) => (name === 'other' ? 'frozen' : 'normal'),
  });
  assert.deepEqual([run.total, run.flown, run.state], [3, 3, 'failed']);
  // As told, so done: the next scheduled run is put off.
  assert.deepEqual([run.mishaps, run.nextRunAt - run.startedAt], [2, 4 * MINUTE]);
});

test('what the run had flown before it changed hands is counted in it, and told once', async () => {
  const startedAt = crew.context.clock.now();
  const own = makeEntry({ fingerprint: fingerprintOf(2), asOf: startedAt + 1, warmed: true });
  await crew.context.entries.write(await encoded(own), MINUTE);
  const { run, told } = await warm(warmed(), {}, startedAt);
  assert.deepEqual([run.flown, run.skipped], [3, 0]);
  assert.equal(flown.length, 2);
  assert.match(told, /outcome="flown"\} 2$/m);
});
