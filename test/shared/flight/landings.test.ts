import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Redis } from 'ioredis';
import { type Landing, parseLanding, type StoredLanding } from '../../../shared/flight/landing.ts';
import { createLandings, hearLandings, type Landings } from '../../../shared/flight/landings.ts';
import { createLeases } from '../../../shared/flight/lease.ts';
import { LANDINGS_CHANNEL, landingKey } from '../../../shared/redis/keys.ts';
import { until } from '../../until.ts';
import { newFingerprint } from '../entry/make-entry.ts';
import { startTestRedis, type TestRedis } from '../with-redis.ts';

let redis: TestRedis;
let connection: Redis;
let landings: Landings;

before(async () => {
  redis = await startTestRedis('queue');
  connection = await redis.connect();
  landings = createLandings(connection);
});
after(() => redis[Symbol.asyncDispose]());

describe('a landing', () => {
  test('is heard by everybody who listens, and can be looked up after', async () => {
    const listeners = [await listen(), await listen()];
    const [stored, failed] = [storedLanding(), failedLanding()];
    for (const landing of [stored, failed]) await landings.announce(landing);
    for (const heard of listeners) {
      await until(() => heard.length === 2, { what: 'both landings are heard' });
      assert.deepEqual(heard, [stored, failed]);
    }
    for (const landing of [stored, failed])
      assert.deepEqual((await landings.look(landing.fingerprint)).landing, landing);
  });

  test('brings its entry to those who listen, and does not keep it', async () => {
    const heard = await listen();
    const landing = storedLanding();
    await landings.announce({ ...landing, entry: 'UE5DMQ==' });
    await until(() => heard.length > 0, { what: 'the landing is heard' });
    assert.deepEqual(heard, [{ ...landing, entry: 'UE5DMQ==' }]);
    assert.deepEqual((await landings.look(landing.fingerprint)).landing, landing);
  });

  test('is written even when nobody listens, for half a minute', async () => {
    const landing = storedLanding();
    await landings.announce(landing);
    const leftMs = await connection.pttl(landingKey(landing.fingerprint));
    assert.ok(leftMs > 15_000 && leftMs <= 30_000, `${leftMs}`);
  });

  test('that failed is counted until one is stored', async () => {
    const first = failedLanding();
    const { fingerprint } = first;
    const failuresAfter = async (landing: Landing) => {
      await landings.announce({ ...landing, fingerprint });
      return (await landings.look(fingerprint)).failures;
    };
    assert.equal(await failuresAfter(first), 1);
    assert.equal(await failuresAfter(failedLanding()), 2);
    assert.equal(await failuresAfter(storedLanding()), 0);
  });

  test('gives way to the next one of its fingerprint', async () => {
    const first = storedLanding();
    const second = { ...failedLanding(), fingerprint: first.fingerprint };
    for (const landing of [first, second]) await landings.announce(landing);
    assert.deepEqual((await landings.look(first.fingerprint)).landing, second);
  });

  test('is heard again after the server has been away', async () => {
    await using own = await startTestRedis('queue');
    const heard: Landing[] = [];
    await hearLandings(await own.connect('subscriber'), (landing) => heard.push(landing));
    await own.server.restart();
    const landing = storedLanding();
    const announcing = createLandings(own.open());
    await until(
      async () => {
        await announcing.announce(landing);
        return heard.length > 0;
      },
      { what: 'a landing is heard' },
    );
    assert.deepEqual(heard[0], landing);
  });

  test('that is none is neither heard nor found', async () => {
    const heard = await listen();
    const print = newFingerprint();
    for (const text of ['', '{}', 'null', '[', '{"fingerprint":"a","id":"b","outcome":"lost"}']) {
      await connection.publish(LANDINGS_CHANNEL, text);
      await connection.set(landingKey(print), text);
      assert.equal((await landings.look(print)).landing, undefined);
    }
    const sound = storedLanding();
    await landings.announce(sound);
    await until(() => heard.length > 0, { what: 'the sound landing is heard' });
    assert.deepEqual(heard, [sound]);
  });
});

describe('a look at a flight', () => {
  test('sees nothing where nothing flies', async () => {
    const sight = await landings.look(newFingerprint());
    assert.deepEqual(sight, { airborne: false, landing: undefined, failures: 0 });
  });

  test('sees that somebody holds the lease, and no longer when it is freed', async () => {
    const leases = createLeases(connection);
    const print = newFingerprint();
    await leases.take(print, 'a', { jobId: 'job-1', lifetimeMs: 60_000 });
    assert.equal((await landings.look(print)).airborne, true);
    await leases.release(print, 'a', true, 'proven');
    assert.equal((await landings.look(print)).airborne, false);
  });
});

describe('a landing on the wire', () => {
  test('is read back as it was written', () => {
    for (const landing of [storedLanding(), failedLanding()])
      assert.deepEqual(parseLanding(JSON.stringify(landing)), landing);
  });

  test('of any other text is none, and never throws', () => {
    assert.equal(parseLanding(null), undefined);
    const unknownCode = { ...failedLanding(), code: 'toString' };
    assert.equal(parseLanding(JSON.stringify(unknownCode)), undefined);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) =>
        assert.equal(parseLanding(text), undefined),
      ),
    );
  });
});

async function listen(): Promise<Landing[]> {
  const heard: Landing[] = [];
  await hearLandings(await redis.connect('subscriber'), (landing) => heard.push(landing));
  return heard;
}

function storedLanding(): Landing & StoredLanding {
  return { ...newLanding(), outcome: 'stored', ranMs: 12 };
}

function failedLanding(): Landing {
  return {
    ...newLanding(),
    outcome: 'failed',
    code: 'warehouse-failed',
    detail: 'backendError: try again',
    startedAt: 1_763_683_200_000,
  };
}

function newLanding() {
  const id = crypto.randomUUID();
  return { fingerprint: newFingerprint(), query: 'q', id, at: 1_763_683_201_000 };
}
