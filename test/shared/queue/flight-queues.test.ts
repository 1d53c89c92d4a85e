import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Queue, Worker } from 'bullmq';
import { CLASSES, type QueryClass } from '../../../shared/catalog/policy.ts';
import type { FlightJob } from '../../../shared/queue/flight-job.ts';
import {
  createFlightQueues,
  type FlightQueues,
  queueName,
} from '../../../shared/queue/flight-queues.ts';
import { connectRedis } from '../../../shared/redis/connect.ts';
import { QUEUE_PREFIX, waitingKeys } from '../../../shared/redis/keys.ts';
import { freePort } from '../../../stack/port.ts';
import { until } from '../../until.ts';
import { newFingerprint } from '../entry/make-entry.ts';
import { settling, startTestRedis, type TestRedis } from '../with-redis.ts';

const ignore = () => undefined;
let redis: TestRedis;
let queues: FlightQueues;

before(async () => {
  redis = await startTestRedis('queue');
  queues = createFlightQueues(await redis.connect(), ignore);
});
after(() => redis[Symbol.asyncDispose]());

describe('a flight before the workers', () => {
  test('is one job, however many gateways ask for it', async () => {
    const other = createFlightQueues(await redis.connect(), ignore);
    const flight = job('live');
    await Promise.all([queues, other, queues, other].map((one) => one.add(flight)));
    await queues.add({ ...flight, requestId: 'another' });
    assert.equal((await waiting('live')).length, 1);
    await drain('live');
  });

  test('stands in the queue of its class', async () => {
    for (const name of CLASSES) await queues.add(job(name));
    for (const name of CLASSES) {
      assert.deepEqual(
        (await waiting(name)).map(({ data }) => data.class),
        [name],
      );
      await drain(name);
    }
  });

  test('has an id that no counter gave, and carries what it was asked with', async () => {
    const flight = job('analyst');
    await queues.add(flight);
    const [added] = await waiting('analyst');
    assert.match(String(added?.id), /^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    assert.deepEqual(added?.data, flight);
    assert.equal(added?.opts.attempts, 1);
    await drain('analyst');
  });

  test('can be added again as soon as it has run, and leaves nothing behind', async () => {
    const flight = job('warm');
    const ran: string[] = [];
    await using worker = runs('warm', async (data) => void ran.push(data.fingerprint));
    for (const times of [1, 2]) {
      await queues.add(flight);
      await until(() => ran.length === times, { what: `it has run ${times} times` });
      await until(() => isEmpty('warm'), { what: 'nothing is left of it' });
    }
    assert.equal(worker.failures.length, 0);
  });

  test('is still one job while it runs, and free again when it has failed', async () => {
    const flight = job('warm');
    const latch = Promise.withResolvers<void>();
    let runsBegun = 0;
    await using worker = runs('warm', async () => {
      runsBegun += 1;
      if (runsBegun > 1) return;
      await latch.promise;
      throw new Error('as it must');
    });
    await queues.add(flight);
    await until(() => runsBegun === 1, { what: 'it runs' });
    await queues.add(flight);
    assert.deepEqual(await waiting('warm'), []);
    latch.resolve();
    await until(() => isEmpty('warm'), { what: 'nothing is left of it' });
    await until(() => worker.failures.length > 0, { what: 'it is told that it failed' });
    assert.deepEqual(worker.failures, ['as it must']);
    await queues.add(flight);
    await until(() => runsBegun === 2, { what: 'it runs again' });
  });
});

describe('a flight that seems to have got lost', () => {
  test('is added anew when no list holds its job any more, and nothing is left of that', async () => {
    const flight = job('live');
    await queues.add(flight);
    const [lost] = await waiting('live');
    const connection = await redis.connect();
    await connection.del(...waitingKeys('live'));
    await queues.add(flight);
    assert.deepEqual(await waiting('live'), []);
    await queues.addAgain(flight, 0);
    const [added] = await waiting('live');
    assert.equal(added?.data.fingerprint, flight.fingerprint);
    assert.notEqual(added?.id, lost?.id);
    assert.equal(await connection.exists(`${QUEUE_PREFIX}:live:${lost?.id}`), 0);
    await drain('live');
  });

  test('is no second job while the first one waits', async () => {
    const flight = job('live');
    await queues.add(flight);
    const [first] = await waiting('live');
    await queues.addAgain(flight, 0);
    assert.deepEqual(
      (await waiting('live')).map(({ id }) => id),
      [first?.id],
    );
    await drain('live');
  });

  test('in the air is another job, once for all who miss it: the queue still takes the first one for running', async () => {
    const flight = job('live');
    await queues.add(flight);
    await Promise.all([queues.addAgain(flight, 1), queues.addAgain(flight, 1)]);
    assert.equal((await waiting('live')).length, 2);
    await drain('live');
  });
});

describe('adding a flight', () => {
  test('fails when the server was never up', async (t) => {
    const url = `redis://127.0.0.1:${await freePort()}`;
    const connection = connectRedis(url, 'request', { onError: ignore });
    t.after(() => connection.disconnect());
    const never = createFlightQueues(connection, ignore);
    await assert.rejects(settling(never.add(job('live'))), notHanging);
    await assert.rejects(settling(never.add(job('live'))), notHanging);
  });

  test('fails while the server is frozen, and works again when it has thawed', async () => {
    await using own = await startTestRedis('queue');
    const frozen = createFlightQueues(await own.connect(), ignore);
    own.server.freeze();
    await assert.rejects(settling(frozen.add(job('live'))), notHanging);
    own.server.thaw();
    await until(() => added(frozen), { what: 'a flight is taken' });
  });

  test('fails while the server is away, and works again when it is back', async () => {
    await using own = await startTestRedis('queue');
    const away = createFlightQueues(await own.connect(), ignore);
    await own.server.kill();
    await assert.rejects(settling(away.add(job('live'))), notHanging);
    await own.server.restartEmpty();
    await until(() => added(away), { what: 'a flight is taken' });
  });
});

function job(queryClass: QueryClass): FlightJob {
  return {
    fingerprint: newFingerprint(),
    query: 'home-trending',
    version: '0123456789ab',
    scope: 'public',
    parameters: { limit: 4, tags: ['a', 'b'], by: null },
    class: queryClass,
    deadline: 1_763_683_215_000,
    newerThan: 0,
    requestId: crypto.randomUUID(),
  };
}

function notHanging(error: unknown): boolean {
  return error instanceof Error && error.message !== 'it never settles';
}

async function added(to: FlightQueues): Promise<boolean> {
  await to.add(job('live'));
  return true;
}

/** A reader of a queue with a connection of its own. */
async function reading<T>(name: QueryClass, read: (queue: Queue) => Promise<T>): Promise<T> {
  const queue = new Queue(queueName(name), {
    connection: redis.open('blocking'),
    prefix: QUEUE_PREFIX,
  });
  try {
    return await read(queue);
  } finally {
    await queue.close();
  }
}

function waiting(name: QueryClass) {
  return reading(name, (queue) => queue.getWaiting());
}

function drain(name: QueryClass): Promise<void> {
  return reading(name, (queue) => queue.obliterate({ force: true }));
}

function isEmpty(name: QueryClass): Promise<boolean> {
  return reading(name, async (queue) => {
    const counts = await queue.getJobCounts();
    return Object.values(counts).every((count) => count === 0);
  });
}

function runs(name: QueryClass, run: (data: FlightJob) => Promise<void>) {
  const failures: string[] = [];
  const worker = new Worker<FlightJob>(queueName(name), ({ data }) => run(data), {
    connection: redis.open('blocking'),
    prefix: QUEUE_PREFIX,
  });
  worker.on('error', ignore);
  worker.on('failed', (_job, error) => failures.push(error.message));
  return { failures, [Symbol.asyncDispose]: () => worker.close() };
}
