import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, type TestContext, test } from 'node:test';
import { type Breaker, createBreaker } from '../../../shared/breaker/breaker.ts';
import type { BreakerBoard } from '../../../shared/breaker/breaker-board.ts';
import type { BreakerState } from '../../../shared/breaker/circuit.ts';
import { createRedisBoard } from '../../../shared/breaker/redis-board.ts';
import { until } from '../../until.ts';
import { startTestRedis, type TestRedis } from '../with-redis.ts';

const LIMITS = {
  windowMs: 60_000,
  leastCalls: 4,
  errorPercent: 50,
  resetAfterMs: 300,
  probeMs: 60_000,
};
let redis: TestRedis;

before(async () => {
  redis = await startTestRedis('queue');
});
after(() => redis[Symbol.asyncDispose]());

describe('the breakers of a fleet', () => {
  test('open together when one of them opens', async (t) => {
    const states: BreakerState[][] = [[], [], []];
    const fleet = await createFleet(t, states);
    await open(fleet[0]);
    await allBecome(fleet, 'half-open');
    for (const seen of states) assert.deepEqual(seen, ['open', 'half-open']);
  });

  test('make one probe together, and close together when it succeeds', async (t) => {
    const fleet = await createFleet(t);
    await open(fleet[0]);
    await allBecome(fleet, 'half-open');
    const probe = await until(() => oneProbe(fleet), { what: 'somebody may probe' });
    assert.equal(await oneProbe(fleet), undefined);
    probe.report('success');
    await allBecome(fleet, 'closed');
  });

  test('open together again when their probe fails', async (t) => {
    const states: BreakerState[][] = [[], [], []];
    const fleet = await createFleet(t, states);
    await open(fleet[0]);
    await allBecome(fleet, 'half-open');
    const probe = await until(() => oneProbe(fleet), { what: 'somebody may probe' });
    probe.report('failure');
    await until(() => states.every((seen) => seen.length >= 3), { what: 'all have opened' });
    for (const seen of states) assert.deepEqual(seen.slice(0, 3), ['open', 'half-open', 'open']);
    const next = await until(() => oneProbe(fleet), { what: 'the next may probe' });
    next.report('success');
    await allBecome(fleet, 'closed');
  });

  test('give the probe to the next when one says nothing', async (t) => {
    const fleet = await createFleet(t);
    await open(fleet[0]);
    await allBecome(fleet, 'half-open');
    for (const outcome of ['ignored', 'ignored', 'success'] as const) {
      const probe = await until(() => oneProbe(fleet), { what: 'somebody may probe' });
      probe.report(outcome);
    }
    await allBecome(fleet, 'closed');
  });

  test('are joined by one that starts later, and is open before it has failed itself', async (t) => {
    const name = randomUUID();
    const limits = { ...LIMITS, resetAfterMs: 60_000 };
    const first = create(t, await board(), name, limits);
    await open(first);
    const second = await board();
    await until(async () => (await second.look(name)) !== undefined);
    const newcomer = create(t, second, name, limits);
    await until(() => newcomer.state === 'open', { what: 'the newcomer is open' });
  });

  test('of one name do not touch those of another', async (t) => {
    const shared = await board();
    const [one, other] = [randomUUID(), randomUUID()].map((name) => create(t, shared, name));
    const witness = create(t, await board(), 'witness');
    await open(one!);
    await open(create(t, shared, 'witness'));
    await until(() => witness.state === 'open', { what: 'news has gone round' });
    assert.equal(other!.state, 'closed');
  });
});

describe('a breaker whose channel is cut', () => {
  test('learns with its next claim that the fleet has closed', async (t) => {
    const name = randomUUID();
    const deafBoard = await board();
    const deaf = create(t, { ...deafBoard, hear: () => () => undefined }, name);
    const other = create(t, await board(), name);
    await open(deaf);
    await until(() => other.state === 'half-open', { what: 'the other is half-open' });
    const probe = await until(() => oneProbe([other]), { what: 'the other may probe' });
    probe.report('success');
    await until(async () => (await deaf.admit()).admitted, { what: 'calls are admitted again' });
    assert.equal(deaf.state, 'closed');
  });
});

describe('breakers whose Redis is away', () => {
  for (const [trouble, strike] of [
    ['stopped', (own: TestRedis) => own.server.stop()],
    ['frozen', (own: TestRedis) => void process.kill(own.server.pid, 'SIGSTOP')],
  ] as const)
    test(`break, probe and close each by itself while it is ${trouble}`, async (t) => {
      await using own = await startTestRedis('queue');
      const { pid } = own.server;
      const name = randomUUID();
      const fleet = await Promise.all([1, 2].map(async () => create(t, await board(own), name)));
      await strike(own);
      try {
        for (const breaker of fleet) {
          await open(breaker);
          await until(() => breaker.state === 'half-open', { what: 'its time is over' });
          const probe = await until(() => oneProbe([breaker]), { what: 'it may probe' });
          probe.report('success');
          assert.equal(breaker.state, 'closed');
        }
      } finally {
        if (trouble === 'frozen') process.kill(pid, 'SIGCONT');
      }
    });
});

type Fleet = readonly [Breaker, ...Breaker[]];

/** Three processes; `states` are told of the changes of each. */
async function createFleet(t: TestContext, states: BreakerState[][] = []): Promise<Fleet> {
  const name = randomUUID();
  const join = async (process: number) =>
    create(t, await board(), name, LIMITS, (state) => states[process]?.push(state));
  return Promise.all([join(0), join(1), join(2)]);
}

/** A process's own connections to the board. */
async function board(server: TestRedis = redis): Promise<BreakerBoard> {
  const subscriber = await server.connect('subscriber');
  const onError = () => undefined;
  const board = createRedisBoard({ redis: await server.connect(), subscriber, onError });
  await subscriber.subscribe(`ready:${randomUUID()}`);
  return board;
}

function create(
  t: TestContext,
  board: BreakerBoard,
  name: string,
  limits = LIMITS,
  onChange: (state: BreakerState) => void = () => undefined,
): Breaker {
  const breaker = createBreaker(name, limits, { onChange, board });
  t.after(() => breaker.close());
  return breaker;
}

async function open(breaker: Breaker): Promise<void> {
  for (let call = 0; call < LIMITS.leastCalls; call++) {
    const admitted = await breaker.admit();
    assert.ok(admitted.admitted);
    admitted.report('failure');
  }
  assert.equal(breaker.state, 'open');
}

async function allBecome(fleet: Fleet, state: Breaker['state']): Promise<void> {
  await until(() => fleet.every((breaker) => breaker.state === state), {
    what: `all are ${state}`,
  });
}

/** Everybody asks at once: the one probe that is admitted, if there is one. */
async function oneProbe(fleet: readonly Breaker[]) {
  const asked = await Promise.all(fleet.map((breaker) => breaker.admit()));
  const admitted = asked.filter((answer) => answer.admitted);
  assert.ok(admitted.length <= 1, `${admitted.length} were admitted`);
  assert.ok(admitted.every(({ probe }) => probe));
  return admitted[0];
}
