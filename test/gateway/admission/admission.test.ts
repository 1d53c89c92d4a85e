import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Queue } from 'bullmq';
import { type Admission, createAdmission } from '../../../gateway/admission/admission.ts';
import type { Strain } from '../../../gateway/admission/strain.ts';
import type { Verdict } from '../../../gateway/admission/verdict.ts';
import { createUsualTimes } from '../../../shared/load/usual-times.ts';
import { createWorkerLoads, type FleetLoad } from '../../../shared/load/worker-loads.ts';
import { queueName } from '../../../shared/queue/flight-queues.ts';
import { QUEUE_PREFIX } from '../../../shared/redis/keys.ts';
import { makeFleet, makeLoad } from '../../shared/load/make-load.ts';
import { startTestRedis, type TestRedis } from '../../shared/with-redis.ts';
import { until } from '../../until.ts';

const CALM: Strain = { lateMs: 0, heapShare: 0.1 };
const LIVE = { query: 'home', class: 'live' } as const;
const BUSY = makeLoad({ inFlight: { live: 32, analyst: 8, warm: 4 } });
const ADMITTED: Verdict = { admit: true };

describe('a flight', () => {
  test('is admitted before the first look, and without news of the fleet', async () => {
    const { admission, see, fail, pass } = create();
    assert.deepEqual(await admission.judge(LIVE, 1_000), ADMITTED);
    await see(makeFleet({ depth: { live: 5_000 } }));
    assert.equal(whyNot(await admission.judge(LIVE, 1_000)), 'backlog');
    pass(3_001);
    await fail();
    assert.deepEqual(await admission.judge(LIVE, 1_000), ADMITTED);
    assert.equal(admission.figures, undefined);
  });

  test('is always admitted by an idle fleet, even if its query has become slower than its budget', async () => {
    const { admission, see, usualTimes } = create();
    for (let flight = 0; flight < 20; flight++) usualTimes.note('home', 60_000);
    await see(makeFleet());
    assert.deepEqual(await admission.judge(LIVE, 1), ADMITTED);
    await see(makeFleet({ workers: [makeLoad({ inFlight: { live: 31, analyst: 0, warm: 0 } })] }));
    assert.deepEqual(await admission.judge(LIVE, 1), ADMITTED);
  });
});

describe('a flight that would come too late', () => {
  test('is refused, and may be flown behind the answer', async () => {
    const { admission, see, usualTimes } = create();
    for (let flight = 0; flight < 20; flight++) usualTimes.note('home', 1_000);
    await see(makeFleet({ workers: [BUSY], depth: { live: 287 } }));
    // 288 end before it, 32 in each second: nine seconds, a tenth for what is not seen, and one second for itself.
    assert.deepEqual(await admission.judge(LIVE, 10_901), ADMITTED);
    const verdict = await admission.judge(LIVE, 10_899);
    assert.deepEqual(verdict, {
      admit: false,
      why: 'too-late',
      retryAfterSeconds: 9,
      refresh: true,
    });
    assert.deepEqual(await admission.judge(LIVE, Number.POSITIVE_INFINITY), ADMITTED);
  });

  test('waits by what the fleet can do: more workers, and their places', async () => {
    const { admission, see, usualTimes } = create();
    for (let flight = 0; flight < 20; flight++) usualTimes.note('home', 1_000);
    const depth = { live: 319 };
    await see(makeFleet({ workers: [BUSY], depth }));
    assert.equal(whyNot(await admission.judge(LIVE, 6_500)), 'too-late');
    await see(makeFleet({ workers: [BUSY, BUSY], depth }));
    assert.deepEqual(await admission.judge(LIVE, 6_500), ADMITTED);
    const shrunk = { ...BUSY, limit: 4, places: { live: 4, analyst: 1, warm: 1 } };
    await see(makeFleet({ workers: [shrunk, shrunk], depth }));
    assert.equal(whyNot(await admission.judge(LIVE, 6_500)), 'too-late');
  });

  test('counts those who wait for room in the workers, and those whom this process has just added', async () => {
    const { admission, see, usualTimes } = create();
    for (let flight = 0; flight < 20; flight++) usualTimes.note('home', 1_000);
    await see(makeFleet({ workers: [{ ...BUSY, waiting: { live: 63, analyst: 0, warm: 0 } }] }));
    assert.equal(admission.figures?.waitMs.live, undefined);
    assert.deepEqual(await admission.judge(LIVE, 3_220), ADMITTED);
    admission.noteAdded(LIVE);
    assert.equal(whyNot(await admission.judge(LIVE, 3_220)), 'too-late');
    assert.equal(admission.figures?.waitMs.live, (65 * 1_000) / 32);
    assert.deepEqual(await admission.judge({ ...LIVE, class: 'analyst' }, 3_000), ADMITTED);
  });

  test('is judged by its wait alone as long as its own time is unknown', async () => {
    const { admission, see, usualTimes } = create();
    for (let flight = 0; flight < 20; flight++) usualTimes.note('home', 1_000);
    await see(makeFleet({ workers: [BUSY], depth: { live: 96 } }));
    admission.noteAdded(LIVE);
    const unknown = { query: 'new', class: 'live' } as const;
    assert.deepEqual(await admission.judge(unknown, 3_500), ADMITTED);
    assert.equal(whyNot(await admission.judge(LIVE, 3_500)), 'too-late');
    assert.equal(whyNot(await admission.judge(unknown, 3_000)), 'too-late');
  });

  test('is admitted while nobody knows how long anything takes', async () => {
    const { admission, see } = create();
    await see(makeFleet({ workers: [BUSY], depth: { live: 1_999 } }));
    assert.deepEqual(await admission.judge(LIVE, 10), ADMITTED);
  });
});

describe('a backlog', () => {
  test('that has reached its bound closes its class, and no other', async () => {
    const { admission, see } = create();
    await see(makeFleet({ workers: [BUSY], depth: { live: 1_999, analyst: 500, warm: 1_999 } }));
    assert.deepEqual(await admission.judge(LIVE, 15_000), ADMITTED);
    assert.deepEqual(await admission.judge({ ...LIVE, class: 'warm' }, 15_000), ADMITTED);
    const verdict = await admission.judge({ ...LIVE, class: 'analyst' }, 15_000);
    assert.deepEqual(verdict, {
      admit: false,
      why: 'backlog',
      retryAfterSeconds: 5,
      refresh: false,
    });
  });

  test('counts what this process adds between two looks, so that a burst cannot pass the bound', async () => {
    const { admission, see } = create();
    await see(makeFleet({ workers: [BUSY], depth: { live: 1_900 } }));
    let admitted = 0;
    while ((await admission.judge(LIVE, 15_000)).admit) {
      admission.noteAdded(LIVE);
      admitted += 1;
    }
    assert.equal(admitted, 100);
    await see(makeFleet({ workers: [BUSY], depth: { live: 1_900 } }));
    assert.deepEqual(await admission.judge(LIVE, 15_000), ADMITTED);
  });
});

describe('without a living worker', () => {
  test('flights are refused once looks have shown none for five seconds', async () => {
    const { admission, look, see } = create();
    await see(makeFleet());
    await look(makeFleet({ workers: [] }), { everyMs: 500, times: 10 });
    assert.deepEqual(await admission.judge(LIVE, 15_000), ADMITTED);
    await look(makeFleet({ workers: [] }), { everyMs: 500, times: 1 });
    assert.deepEqual(await admission.judge(LIVE, 15_000), {
      admit: false,
      why: 'no-workers',
      retryAfterSeconds: 5,
      refresh: false,
    });
    await see(makeFleet());
    assert.deepEqual(await admission.judge(LIVE, 15_000), ADMITTED);
  });

  test('nobody is refused who comes just after the worker', async () => {
    const { admission, look, set, pass } = create();
    await look(makeFleet({ workers: [] }), { everyMs: 500, times: 20 });
    set(makeFleet());
    pass(19);
    assert.equal(whyNot(await admission.judge(LIVE, 15_000)), 'no-workers');
    pass(1);
    assert.deepEqual(await admission.judge(LIVE, 15_000), ADMITTED);
  });

  test('a worker’s restart costs nobody anything', async () => {
    const { admission, look, usualTimes } = create();
    for (let flight = 0; flight < 20; flight++) usualTimes.note('home', 1_000);
    await look(makeFleet(), { everyMs: 500, times: 1 });
    for (let times = 0; times < 3; times++) {
      await look(makeFleet({ workers: [] }), { everyMs: 500, times: 9 });
      assert.deepEqual(await admission.judge(LIVE, 1_000), ADMITTED);
      await look(makeFleet(), { everyMs: 500, times: 1 });
    }
  });

  test('what waits is judged by the places of the fleet that was there before', async () => {
    const { admission, see, usualTimes } = create();
    for (let flight = 0; flight < 20; flight++) usualTimes.note('home', 1_000);
    await see(makeFleet({ workers: [BUSY] }));
    await see(makeFleet({ workers: [], depth: { live: 319 } }));
    assert.equal(whyNot(await admission.judge(LIVE, 9_999)), 'too-late');
    assert.deepEqual(await admission.judge(LIVE, 15_000), ADMITTED);
  });

  test('time in which nothing could be seen does not count', async () => {
    const { admission, see, pass } = create();
    await see(makeFleet({ workers: [] }));
    pass(60_000);
    await see(makeFleet({ workers: [] }));
    assert.deepEqual(await admission.judge(LIVE, 15_000), ADMITTED);
  });

  test('a full server says nothing of who lives', async () => {
    const { admission, look, see } = create();
    const full = makeFleet({ workers: [], memoryShare: 1.1 });
    await look(full, { everyMs: 500, times: 60 });
    assert.equal(whyNot(await admission.judge(LIVE, 15_000)), 'memory');
    await see(makeFleet({ workers: [], memoryShare: 0.5 }));
    assert.deepEqual(await admission.judge(LIVE, 15_000), ADMITTED);
  });
});

describe('a store or a process that is full', () => {
  test('admits nothing: from four fifths of the queue role’s memory on', async () => {
    const { admission, see } = create();
    await see(makeFleet({ memoryShare: 0.79 }));
    assert.deepEqual(await admission.judge(LIVE, 15_000), ADMITTED);
    await see(makeFleet({ memoryShare: 0.8 }));
    assert.deepEqual(await admission.judge(LIVE, 15_000), {
      admit: false,
      why: 'memory',
      retryAfterSeconds: 5,
      refresh: false,
    });
  });

  test('admits nothing: when it watches as many flights as it may, news or not', async () => {
    const { admission, watch } = create();
    watch(999);
    assert.deepEqual(await admission.judge(LIVE, 15_000), ADMITTED);
    watch(1_000);
    assert.equal(whyNot(await admission.judge(LIVE, 15_000)), 'watches');
  });

  test('admits little: when its event loop or its heap is pressed, and by its watches', async () => {
    const { admission, watch, press } = create();
    for (const pressed of [
      { lateMs: 501, heapShare: 0.1 },
      { lateMs: 0, heapShare: 0.9 },
    ]) {
      press(pressed);
      watch(249);
      assert.deepEqual(await admission.judge(LIVE, 15_000), ADMITTED);
      watch(250);
      assert.equal(whyNot(await admission.judge(LIVE, 15_000)), 'strain');
    }
    press(CALM);
    assert.deepEqual(await admission.judge(LIVE, 15_000), ADMITTED);
  });
});

describe('when to come back', () => {
  test('follows the wait, is spread over half as long again, and lies within 1 and 30 seconds', async () => {
    for (const [queued, least, most] of [
      [96, 3, 5],
      [5, 1, 1],
      [1_999, 30, 30],
    ] as const) {
      const given = await Promise.all(
        [0, 0.5, 0.999].map(async (random) => {
          const { admission, see, usualTimes } = create(random);
          for (let flight = 0; flight < 20; flight++) usualTimes.note('home', 1_000);
          await see(makeFleet({ workers: [BUSY], depth: { live: queued - 1 } }));
          const verdict = await admission.judge(LIVE, 10);
          return verdict.admit ? 0 : verdict.retryAfterSeconds;
        }),
      );
      assert.equal(Math.min(...given), least);
      assert.equal(Math.max(...given), most);
    }
  });
});

describe('the loop of admission', () => {
  let redis: TestRedis;
  before(async () => {
    redis = await startTestRedis('queue');
  });
  after(() => redis[Symbol.asyncDispose]());

  test('sees real workers and real queues by itself, and admits while Redis is away', async () => {
    const connection = await redis.connect();
    const loads = createWorkerLoads(connection);
    const queue = new Queue(queueName('analyst'), { connection, prefix: QUEUE_PREFIX });
    await queue.addBulk(Array.from({ length: 500 }, () => ({ name: 'q', data: {} })));
    await queue.close();
    await loads.beat('a', BUSY);
    const errors: unknown[] = [];
    const admission = createAdmission({
      read: () => loads.read(),
      usualTimes: createUsualTimes(),
      watched: () => 0,
      strain: () => CALM,
      onError: (error) => errors.push(error),
    });
    admission.start();
    try {
      await until(() => admission.figures?.workers === 1);
      assert.equal(admission.figures?.depth.analyst, 500);
      assert.equal(whyNot(await admission.judge({ ...LIVE, class: 'analyst' }, 15_000)), 'backlog');
      assert.deepEqual(await admission.judge(LIVE, 15_000), ADMITTED);
      await redis.server.kill();
      await until(() => errors.length > 0);
      await until(() => admission.figures === undefined);
      assert.deepEqual(await admission.judge({ ...LIVE, class: 'analyst' }, 15_000), ADMITTED);
      await redis.server.restartEmpty();
      await until(() => admission.figures?.depth.analyst === 0);
    } finally {
      admission.stop();
    }
  });

  test('has one look under way at a time', async () => {
    let looks = 0;
    const latch = Promise.withResolvers<FleetLoad>();
    const admission = createAdmission({
      read: () => {
        looks += 1;
        return latch.promise;
      },
      usualTimes: createUsualTimes(),
      watched: () => 0,
      strain: () => CALM,
      onError: () => undefined,
    });
    const ticks = [admission.tick(), admission.tick(), admission.tick()];
    latch.resolve(makeFleet());
    await Promise.all(ticks);
    assert.equal(looks, 1);
    await admission.tick();
    assert.equal(looks, 2);
  });
});

/** An admission on a clock that only `pass` moves, over a fleet that is what the test says. */
function create(random = 0) {
  let nowMs = 1_000;
  let watched = 0;
  let strain: Strain = CALM;
  let load: FleetLoad | undefined;
  const usualTimes = createUsualTimes();
  const admission: Admission = createAdmission({
    read: () => (load ? Promise.resolve(load) : Promise.reject(new Error('away'))),
    usualTimes,
    watched: () => watched,
    strain: () => strain,
    onError: () => undefined,
    now: () => nowMs,
    random: () => random,
  });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  const set = (next: FleetLoad) => {
    load = next;
  };
  const see = (next: FleetLoad) => {
    set(next);
    return admission.tick();
  };
  return {
    admission,
    set,
    usualTimes,
    pass,
    see,
    fail: () => {
      load = undefined;
      return admission.tick();
    },
    look: async (next: FleetLoad, { everyMs, times }: { everyMs: number; times: number }) => {
      for (let one = 0; one < times; one++) {
        pass(everyMs);
        await see(next);
      }
    },
    watch: (count: number) => {
      watched = count;
    },
    press: (next: Strain) => {
      strain = next;
    },
  };
}

function whyNot(verdict: Verdict): string {
  return verdict.admit ? 'admitted' : verdict.why;
}
