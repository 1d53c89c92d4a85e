import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Redis } from 'ioredis';
import { createWorkerLoads, type WorkerLoads } from '../../../shared/load/worker-loads.ts';
import { WORKERS_KEY } from '../../../shared/redis/keys.ts';
import { createHeartbeat } from '../../../workers/limit/heartbeat.ts';
import { makeLoad } from '../../shared/load/make-load.ts';
import { startTestRedis, type TestRedis } from '../../shared/with-redis.ts';
import { until } from '../../until.ts';

let redis: TestRedis;
let connection: Redis;
let loads: WorkerLoads;

before(async () => {
  redis = await startTestRedis('queue');
  connection = await redis.connect();
  loads = createWorkerLoads(connection);
});
after(() => redis[Symbol.asyncDispose]());

describe('a heartbeat', () => {
  test('says with each beat what the load is then', async () => {
    let limit = 9;
    const heartbeat = createHeartbeat({ loads, load: () => makeLoad({ limit }), onError: fail });
    for (limit of [9, 5]) {
      await heartbeat.tick();
      assert.deepEqual(
        (await loads.read()).workers.map((worker) => worker.load.limit),
        [limit],
      );
    }
    await heartbeat.stop();
  });

  test('keeps its worker alive by itself, and takes it off the list at its end', async () => {
    let beats = 0;
    const load = () => {
      beats += 1;
      return makeLoad();
    };
    const heartbeat = createHeartbeat({ loads, load, onError: fail });
    heartbeat.start();
    await until(() => beats >= 3);
    assert.equal((await loads.read()).workers.length, 1);
    await heartbeat.stop();
    assert.equal(await connection.hlen(WORKERS_KEY), 0);
  });

  test('that ends in the middle of a beat leaves nothing behind', async () => {
    const heartbeat = createHeartbeat({ loads, load: () => makeLoad(), onError: fail });
    const beating = heartbeat.tick();
    await Promise.all([beating, heartbeat.stop()]);
    assert.equal(await connection.hlen(WORKERS_KEY), 0);
  });

  test('is one of its own for each worker', async () => {
    const load = () => makeLoad();
    const two = [1, 2].map(() => createHeartbeat({ loads, load, onError: fail }));
    for (const one of two) await one.tick();
    assert.equal((await loads.read()).workers.length, 2);
    await two[0]?.stop();
    assert.equal((await loads.read()).workers.length, 1);
    await two[1]?.stop();
  });

  test('tells of a beat that fails, and ends in spite of it', async () => {
    const away = redis.open();
    away.disconnect();
    const errors: unknown[] = [];
    const heartbeat = createHeartbeat({
      loads: createWorkerLoads(away),
      load: () => makeLoad(),
      onError: (error) => errors.push(error),
    });
    await heartbeat.tick();
    assert.equal(errors.length, 1);
    await heartbeat.stop();
    assert.equal(errors.length, 2);
  });
});

function fail(error: unknown): void {
  assert.fail(String(error));
}
