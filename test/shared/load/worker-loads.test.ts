import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { QueryClass } from '../../../shared/catalog/policy.ts';
import { createWorkerLoads, DEAD_MS, type WorkerLoads } from '../../../shared/load/worker-loads.ts';
import { queueName } from '../../../shared/queue/flight-queues.ts';
import { QUEUE_PREFIX, WORKERS_KEY } from '../../../shared/redis/keys.ts';
import { until } from '../../until.ts';
import { settling, startTestRedis, type TestRedis } from '../with-redis.ts';
import { makeLoad } from './make-load.ts';

const HOUR_MS = 3_600_000;
let redis: TestRedis;
let connection: Redis;
let loads: WorkerLoads;

before(async () => {
  redis = await startTestRedis('queue');
  connection = await redis.connect();
  loads = createWorkerLoads(connection);
});
beforeEach(() => connection.flushall());
after(() => redis[Symbol.asyncDispose]());

describe('the workers of the fleet', () => {
  test('are none on an empty server, and nothing waits', async () => {
    const { workers, depth } = await loads.read();
    assert.deepEqual(workers, []);
    assert.deepEqual(depth, { live: 0, analyst: 0, warm: 0 });
  });

  test('are those that have beaten lately, each with its last load', async () => {
    await loads.beat('a', makeLoad({ limit: 7 }));
    await loads.beat('b', makeLoad());
    await loads.beat('a', makeLoad({ limit: 9, waiting: { live: 3, analyst: 0, warm: 1 } }));
    const { workers } = await loads.read();
    const byId = workers.toSorted((one, other) => one.id.localeCompare(other.id));
    assert.deepEqual(
      byId.map(({ id, load }) => ({ id, load })),
      [
        { id: 'a', load: makeLoad({ limit: 9, waiting: { live: 3, analyst: 0, warm: 1 } }) },
        { id: 'b', load: makeLoad() },
      ],
    );
    for (const { ageMs } of workers) assert.ok(ageMs >= 0 && ageMs <= DEAD_MS, `${ageMs}`);
  });

  test('do not include one that has left', async () => {
    await loads.beat('a', makeLoad());
    await loads.beat('b', makeLoad());
    await loads.leave('a');
    assert.deepEqual(await ids(), ['b']);
  });

  test('do not include one that has stopped beating, who is forgotten by the one who looks', async () => {
    await loads.beat('alive', makeLoad());
    await writeBeat('late', -1_000);
    await writeBeat('dead', -(DEAD_MS + 1_000));
    assert.deepEqual((await ids()).sort(), ['alive', 'late']);
    assert.deepEqual((await connection.hkeys(WORKERS_KEY)).sort(), ['alive', 'late']);
  });

  test('are those who beat on when the server’s own clock is set back or forth by an hour', async () => {
    await writeBeat('before-it-was-set-back', HOUR_MS);
    await writeBeat('before-it-was-set-forth', -HOUR_MS);
    assert.deepEqual(await ids(), []);
    await loads.beat('before-it-was-set-back', makeLoad());
    assert.deepEqual(await ids(), ['before-it-was-set-back']);
  });

  test('are not made of what no worker of ours has written', async () => {
    const at = await serverTimeMs();
    for (const [id, text] of Object.entries({
      'no-time': JSON.stringify(makeLoad()),
      'no-json': `${at} {`,
      'of-another-version': `${at} {"limit":3}`,
      nonsense: '\0',
    }))
      await connection.hset(WORKERS_KEY, id, text);
    await loads.beat('a', makeLoad());
    assert.deepEqual(await ids(), ['a']);
  });

  test('leave nothing behind for good, even when nobody looks', async () => {
    await loads.beat('a', makeLoad());
    const leftMs = await connection.pttl(WORKERS_KEY);
    assert.ok(leftMs > DEAD_MS && leftMs <= 60_000, `${leftMs}`);
  });
});

describe('the depth of a class', () => {
  test('is what waits in its queue, with a priority or without', async () => {
    for (const [name, plain, prioritized] of [
      ['live', 3, 2],
      ['analyst', 1, 0],
      ['warm', 0, 4],
    ] as const) {
      await using queue = openQueue(name);
      for (let job = 0; job < plain; job++) await queue.add('q', {});
      for (let job = 0; job < prioritized; job++) await queue.add('q', {}, { priority: job + 1 });
    }
    assert.deepEqual((await loads.read()).depth, { live: 5, analyst: 1, warm: 4 });
  });

  test('does not include what a worker has taken, and counts on while the queue is paused', async (t) => {
    await using queue = openQueue('live');
    const latch = Promise.withResolvers<void>();
    const taken: string[] = [];
    const worker = new Worker(
      queueName('live'),
      async ({ id }) => {
        taken.push(String(id));
        await latch.promise;
      },
      { connection: redis.open('blocking'), prefix: QUEUE_PREFIX, concurrency: 2 },
    );
    worker.on('error', () => undefined);
    t.after(() => worker.close());
    for (let job = 0; job < 5; job++) await queue.add('q', {}, { removeOnComplete: true });
    await until(() => taken.length === 2, { what: 'two are taken' });
    assert.equal((await loads.read()).depth.live, 3);
    await queue.pause();
    await queue.add('q', {});
    assert.equal((await loads.read()).depth.live, 4);
    latch.resolve();
  });
});

describe('the memory of the queue role', () => {
  test('is unknown when it has no bound, else the part of it that is used', async (t) => {
    t.after(() => connection.config('SET', 'maxmemory', '0'));
    await connection.config('SET', 'maxmemory', '0');
    assert.equal((await loads.read()).memoryShare, undefined);
    await connection.config('SET', 'maxmemory', String(1024 ** 3));
    const share = (await loads.read()).memoryShare ?? -1;
    assert.ok(share > 0 && share < 0.2, `${share}`);
  });

  test('is told although it is full and no worker can beat any more', async (t) => {
    t.after(() => connection.config('SET', 'maxmemory', '0'));
    await writeBeat('dead', -HOUR_MS);
    await loads.beat('a', makeLoad());
    await connection.config('SET', 'maxmemory', '100000');
    await assert.rejects(loads.beat('a', makeLoad()), /OOM/);
    const { memoryShare = 0, workers } = await loads.read();
    assert.ok(memoryShare > 1, `${memoryShare}`);
    assert.deepEqual(
      workers.map(({ id }) => id),
      ['a'],
    );
    await loads.leave('a');
  });

  test('is unknown, and the rest known, to somebody who may not ask for it', async (t) => {
    t.after(() => connection.acl('DELUSER', 'reader'));
    const rule = ['on', '>secret', '~*', '&*', '+@all', '-info'];
    await connection.call('ACL', 'SETUSER', 'reader', ...rule);
    const reader = redis.open();
    await until(() => reader.status === 'ready');
    await reader.auth('reader', 'secret');
    await loads.beat('a', makeLoad());
    await connection.config('SET', 'maxmemory', String(1024 ** 3));
    t.after(() => connection.config('SET', 'maxmemory', '0'));
    const load = await createWorkerLoads(reader).read();
    assert.equal(load.memoryShare, undefined);
    assert.equal(load.workers.length, 1);
  });
});

describe('a look at the fleet', () => {
  test('is one command, and so one round trip', async (t) => {
    const monitor = await connection.monitor();
    t.after(() => monitor.disconnect());
    const seen: { command: string; source: string }[] = [];
    monitor.on('monitor', (_time: string, [command]: string[], source: string) => {
      seen.push({ command: String(command).toLowerCase(), source });
    });
    await loads.read();
    await connection.echo('the end');
    const end = await until(() => seen.find(({ command }) => command === 'echo'));
    // Connections of tests before may come and go beside it.
    const own = seen.filter(({ source }) => source === end.source);
    assert.deepEqual(
      own.map(({ command }) => command),
      ['eval', 'echo'],
    );
  });

  test('fails while the server is frozen or away, and succeeds when it is back', async () => {
    await using own = await startTestRedis('queue');
    const away = createWorkerLoads(await own.connect());
    own.server.freeze();
    await assert.rejects(settling(away.read()), notHanging);
    await assert.rejects(settling(away.beat('a', makeLoad())), notHanging);
    own.server.thaw();
    await until(() => away.read());
    await own.server.kill();
    await assert.rejects(settling(away.read()), notHanging);
    await own.server.restartEmpty();
    await until(async () => (await away.read()).workers.length === 0);
  });
});

async function ids(): Promise<string[]> {
  return (await loads.read()).workers.map(({ id }) => id);
}

async function serverTimeMs(): Promise<number> {
  const [seconds, microseconds] = await connection.time();
  return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
}

/** A beat as it stands there when its stamp is so far from what the server's clock says now. */
async function writeBeat(id: string, offsetMs: number): Promise<void> {
  const text = `${(await serverTimeMs()) + offsetMs} ${JSON.stringify(makeLoad())}`;
  await connection.hset(WORKERS_KEY, id, text);
}

function openQueue(name: QueryClass) {
  const queue = new Queue(queueName(name), {
    connection: redis.open('blocking'),
    prefix: QUEUE_PREFIX,
  });
  return Object.assign(queue, { [Symbol.asyncDispose]: () => queue.close() });
}

function notHanging(error: unknown): boolean {
  return error instanceof Error && error.message !== 'it never settles';
}
