import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { monotonicClock } from '../../shared/clock.ts';
import { createEpochStore, type EpochStore } from '../../shared/epochs/epoch-store.ts';
import { runFlight } from '../../workers/run-flight.ts';
import { encoded, makeEntry } from '../shared/entry/make-entry.ts';
import { startTestRedis, type TestRedis } from '../shared/with-redis.ts';
import { type Crew, crewJob, musterCrew } from './flight-crew.ts';
import { createScriptedWarehouse } from './scripted-threads.ts';

let redis: TestRedis;
let crew: Crew;
let epochs: EpochStore;
const warehouse = createScriptedWarehouse((run) => run.end('ok'));

before(async () => {
  redis = await startTestRedis('queue');
  const connection = await redis.connect();
  epochs = createEpochStore({ cache: connection, queue: connection });
  crew = await musterCrew(redis, warehouse.threadsOf(0));
});
after(async () => {
  crew.end();
  await redis[Symbol.asyncDispose]();
});

for (const mode of ['soft', 'purge'] as const)
  test(`an entry that was brought meanwhile ends a flight, unless it is invalidated: ${mode}`, async () => {
    const now = monotonicClock.now();
    const entry = makeEntry({ query: 'plain', version: 'v', asOf: now - 1_000 });
    const { fingerprint } = entry;
    await crew.context.entries.write(await encoded(entry), 60_000);
    assert.equal(await runFlight(crew.context, crewJob(fingerprint)), 'found');
    await epochs.invalidate({ fingerprint }, mode, now - 1_000);
    assert.equal(await runFlight(crew.context, crewJob(fingerprint)), 'landed');
    assert.equal(await runFlight(crew.context, crewJob(fingerprint)), 'found');
  });
