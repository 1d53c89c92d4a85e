import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createLandings } from '../../shared/flight/landings.ts';
import { runFlight } from '../../workers/run-flight.ts';
import { newFingerprint } from '../shared/entry/make-entry.ts';
import { startTestRedis, type TestRedis } from '../shared/with-redis.ts';
import { until } from '../until.ts';
import { crewJob, musterCrew } from './flight-crew.ts';
import { createScriptedWarehouse } from './scripted-threads.ts';

const FAR_MS = 60_000;
let redis: TestRedis;

before(async () => {
  redis = await startTestRedis('queue');
});
after(() => redis[Symbol.asyncDispose]());

describe('a flight of a worker that has to end', () => {
  test('goes on in another worker, at the same warehouse job, when somebody wants it', async () => {
    await using fleet = await withTwoWorkers();
    const flight = await fleet.takeOff(true);
    fleet.end('abandon');
    assert.equal(await flight.end, 'lost');
    assert.equal(fleet.warehouse.jobs.get(flight.jobId)?.state, 'running');

    const second = fleet.fly(1, flight.print);
    const attached = await fleet.runOf(flight.print, 1);
    assert.deepEqual([attached.jobId, attached.alone], [flight.jobId, false]);
    attached.end('ok');
    assert.equal(await second, 'landed');
  });

  test('is cancelled with its warehouse job when nobody has asked for it', async () => {
    await using fleet = await withTwoWorkers();
    const flight = await fleet.takeOff(false);
    fleet.end('abandon');
    assert.equal(await flight.end, 'lost');
    assert.equal(fleet.warehouse.jobs.get(flight.jobId)?.state, 'cancelled');
  });

  test('is cancelled with its warehouse job when there is no other worker', async () => {
    await using fleet = await withTwoWorkers();
    const flight = await fleet.takeOff(true);
    fleet.end('cancel');
    assert.equal(await flight.end, 'lost');
    assert.equal(fleet.warehouse.jobs.get(flight.jobId)?.state, 'cancelled');
  });
});

async function withTwoWorkers() {
  const warehouse = createScriptedWarehouse(() => undefined);
  const landings = createLandings(await redis.connect());
  const crews = await Promise.all(
    [0, 1].map((crew) => musterCrew(redis, warehouse.threadsOf(crew))),
  );
  const [leaving, staying] = crews;
  if (!leaving || !staying) throw new Error('no crews');
  const fly = (crew: 0 | 1, print: string) =>
    runFlight((crew === 0 ? leaving : staying).context, crewJob(print));
  const runOf = (print: string, crew: 0 | 1) =>
    until(() => warehouse.runs.find((run) => run.fingerprint === print && run.crew === crew));
  return {
    warehouse,
    fly,
    runOf,
    end: (how: 'abandon' | 'cancel') => leaving.context.endFlights(how),
    /** A flight of the first worker, when its query runs. */
    async takeOff(isWanted: boolean) {
      const print = newFingerprint();
      const now = Date.now();
      if (isWanted) await landings.look(print, { watcher: 'one', until: now + FAR_MS, now });
      const end = fly(0, print);
      const { jobId } = await runOf(print, 0);
      return { print, end, jobId };
    },
    async [Symbol.asyncDispose]() {
      for (const crew of crews) crew.end();
    },
  };
}
