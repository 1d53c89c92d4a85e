import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { createFleetClock } from '../../../shared/fleet-clock/fleet-clock.ts';
import { redisClocks } from '../../../shared/fleet-clock/redis-clocks.ts';
import { freePort } from '../../../stack/port.ts';
import { until } from '../../until.ts';
import { startTestRedis, settling } from '../with-redis.ts';
import { connectRedis } from '../../../shared/redis/connect.ts';
import { skyOfClocks } from './sky-of-clocks.ts';

const HOUR_MS = 3_600_000;
/** A reading of a real server is at most half as wrong as it may take. */
const MEASURED_MS = 150;

describe('the time of a fleet', () => {
  for (const wrong of ['own', 'queue', 'cache'] as const)
    for (const offMs of [HOUR_MS, -HOUR_MS])
      test(`is right when the ${wrong} clock is ${offMs} ms off from the start`, async () => {
        const sky = skyOfClocks({ [wrong]: offMs });
        const clock = createFleetClock(sky);
        await clock.tick();
        assertNear(clock.now(), sky.trueTime);
      });

  test('is the own clock while no other can be read', async () => {
    const sky = skyOfClocks({ own: 5_000 });
    sky.away.add('queue').add('cache');
    const clock = createFleetClock(sky);
    await clock.tick();
    assertNear(clock.now(), sky.trueTime + 5_000);
  });

  test('is set right, even back, by the first majority that is heard', async () => {
    const sky = skyOfClocks({ own: HOUR_MS });
    sky.away.add('queue').add('cache');
    const clock = createFleetClock(sky);
    await clock.tick();
    sky.away.delete('queue');
    await clock.tick();
    assertNear(clock.now(), sky.trueTime + HOUR_MS);
    sky.away.clear();
    await clock.tick();
    assertNear(clock.now(), sky.trueTime);
  });

  test('keeps what was agreed when the servers go away', async () => {
    const sky = skyOfClocks({ own: HOUR_MS });
    const clock = createFleetClock(sky);
    await clock.tick();
    for (const gone of ['cache', 'queue']) {
      sky.away.add(gone);
      await clock.tick();
      sky.pass(60_000);
      assertNear(clock.now(), sky.trueTime);
    }
  });

  test('follows two servers that both moved back at half its pace, and never goes back', async () => {
    const sky = skyOfClocks({});
    const clock = createFleetClock(sky);
    await clock.tick();
    sky.offMs.queue = sky.offMs.cache = -10_000;
    const before = clock.now();
    await clock.tick();
    assert.ok(clock.now() >= before);
    sky.pass(10_000);
    assertNear(clock.now(), before + 5_000);
    sky.pass(20_000);
    assertNear(clock.now(), sky.trueTime - 10_000);
  });

  test('tells how far every clock that it could read is ahead', async () => {
    const sky = skyOfClocks({ own: -HOUR_MS });
    const told = new Map<string, number>();
    sky.away.add('cache');
    const clock = createFleetClock({ ...sky, onRead: (name, aheadMs) => told.set(name, aheadMs) });
    await clock.tick();
    assert.deepEqual([...told.keys()], ['own', 'queue']);
    sky.away.clear();
    await clock.tick();
    assertNear(told.get('own') ?? 0, -HOUR_MS);
    assertNear(told.get('queue') ?? HOUR_MS, 0);
    assertNear(told.get('cache') ?? HOUR_MS, 0);
  });

  test('is moved by no more than two clocks differ when the third jumps, and never goes back', async () => {
    const offset = fc.integer({ min: -2 * HOUR_MS, max: 2 * HOUR_MS });
    const step = fc.record({
      offMs: offset,
      who: fc.constantFrom('queue', 'cache'),
      isAway: fc.boolean(),
      passMs: fc.integer({ min: 0, max: 30_000 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('own', 'queue', 'cache'),
        offset,
        fc.integer({ min: 0, max: 50 }),
        fc.array(step, { maxLength: 20 }),
        async (odd, offMs, apartMs, steps) => {
          // One clock is odd; the two others are that much apart.
          const late = odd === 'cache' ? 'queue' : 'cache';
          const sky = skyOfClocks({ [late]: apartMs, [odd]: offMs });
          const clock = createFleetClock(sky);
          await clock.tick();
          for (const { who, offMs, isAway, passMs } of steps) {
            // The own one is as wrong as it was at its start: it does not jump.
            if (who === odd) sky.offMs[who] = offMs;
            if (isAway) sky.away.add(who);
            else sky.away.delete(who);
            const before = clock.now();
            await clock.tick();
            assert.ok(clock.now() >= before, 'it went back');
            sky.pass(passMs);
            assert.ok(clock.now() >= before + Math.floor(passMs / 2), 'it stood still');
            assertNear(clock.now(), sky.trueTime, apartMs + 1);
          }
        },
      ),
    );
  });
});

describe('its start', () => {
  test('needs no Redis, and takes no longer than its bound', async () => {
    const never = () => new Promise<number>(() => {});
    const clock = createFleetClock({ readers: { queue: never, cache: never } });
    await settling(clock.start());
    clock.stop();
    assertNear(clock.now(), performance.timeOrigin + performance.now(), MEASURED_MS);
  });

  test('waits for connections that are only being made', async (t) => {
    await using redis = await startTestRedis('cache');
    const url = redis.server.url;
    const away = `redis://127.0.0.1:${await freePort()}`;
    const gone = connectRedis(away, 'request', { onError: () => {} });
    t.after(() => gone.disconnect());
    // A busy machine may take longer over a connection than a start waits: then another one is made.
    const told = await until(async () => {
      const told = new Map<string, number>();
      const clock = createFleetClock({
        readers: redisClocks({
          urls: { queueUrl: away, cacheUrl: url },
          queue: gone,
          cache: redis.open(),
        }),
        onRead: (name, aheadMs) => told.set(name, aheadMs),
      });
      await clock.start();
      clock.stop();
      return told.has('cache') && told;
    });
    assert.deepEqual([...told.keys()], ['own', 'cache']);
    assertNear(told.get('cache') ?? HOUR_MS, 0, MEASURED_MS);
  });

  test('gives one server in both roles one vote', async () => {
    await using redis = await startTestRedis('cache');
    const connection = redis.open();
    const { url } = redis.server;
    const urls = { queueUrl: `${url}/0`, cacheUrl: `${url}/1` };
    const readers = redisClocks({ urls, queue: connection, cache: connection });
    assert.deepEqual(Object.keys(readers), ['queue']);
  });
});

function assertNear(actual: number, expected: number, withinMs = 1): void {
  assert.ok(Math.abs(actual - expected) <= withinMs, `${actual} is not near ${expected}`);
}
