import assert from 'node:assert/strict';
import { describe, mock, type TestContext, test } from 'node:test';
import { type Breaker, type BreakerState, createBreaker } from '../../shared/breaker.ts';

const LIMITS = { windowMs: 60_000, leastCalls: 4, errorPercent: 50, resetAfterMs: 5_000 };

describe('a breaker', () => {
  test('hands on values and rejections while it is closed', async (t) => {
    const { breaker } = create(t);
    assert.deepEqual(await breaker.guard(async () => 7), { open: false, value: 7 });
    await assert.rejects(fail(breaker), /broken/);
    assert.equal(breaker.state, 'closed');
  });

  test('does not open before it has seen enough calls, then opens and makes none', async (t) => {
    const { breaker, states } = create(t);
    for (const _ of [1, 2, 3]) await assert.rejects(fail(breaker));
    assert.equal(breaker.state, 'closed');
    await assert.rejects(fail(breaker));
    assert.equal(breaker.state, 'open');
    assert.deepEqual(await breaker.guard(mustNotRun), { open: true });
    assert.deepEqual(states, ['open']);
  });

  test('stays closed as long as no more than the given share fails', async (t) => {
    const { breaker } = create(t);
    for (const _ of [1, 2, 3, 4]) {
      await breaker.guard(async () => 'ok');
      await assert.rejects(fail(breaker));
    }
    assert.equal(breaker.state, 'closed');
    await assert.rejects(fail(breaker));
    assert.equal(breaker.state, 'open');
  });

  test('counts a value as a failure when told, and still hands it on', async (t) => {
    const { breaker } = create(t);
    const timeout = { kind: 'timeout' };
    for (const _ of [1, 2, 3, 4]) {
      const guarded = await breaker.guard(
        async () => timeout,
        ({ kind }) => kind === 'timeout',
      );
      assert.deepEqual(guarded, { open: false, value: timeout });
    }
    assert.equal(breaker.state, 'open');
  });

  test('never opens for values that do not count, however many', async (t) => {
    const { breaker } = create(t);
    for (let call = 0; call < 20; call++)
      await breaker.guard(
        async () => ({ kind: 'cancelled' }),
        ({ kind }) => kind === 'timeout',
      );
    assert.equal(breaker.state, 'closed');
  });

  test('does not count how many calls run at once', async (t) => {
    const { breaker } = create(t);
    const latch = Promise.withResolvers<string>();
    const calls = Array.from({ length: 50 }, () => breaker.guard(() => latch.promise));
    latch.resolve('late');
    for (const call of calls) assert.deepEqual(await call, { open: false, value: 'late' });
    assert.equal(breaker.state, 'closed');
  });

  test('forgets failures that are older than its window', async (t) => {
    const { breaker, pass } = create(t);
    for (const _ of [1, 2, 3]) await assert.rejects(fail(breaker));
    pass(LIMITS.windowMs * 2);
    await assert.rejects(fail(breaker));
    assert.equal(breaker.state, 'closed');
  });
});

describe('an open breaker', () => {
  test('lets one probe through after its time, and closes when that succeeds', async (t) => {
    const { breaker, states, pass } = create(t);
    await open(breaker);
    pass(LIMITS.resetAfterMs - 1);
    assert.deepEqual(await breaker.guard(mustNotRun), { open: true });
    pass(1);
    assert.equal(breaker.state, 'half-open');
    const latch = Promise.withResolvers<string>();
    const probe = breaker.guard(() => latch.promise);
    for (const _ of [1, 2, 3]) assert.deepEqual(await breaker.guard(mustNotRun), { open: true });
    latch.resolve('back');
    assert.deepEqual(await probe, { open: false, value: 'back' });
    assert.equal(breaker.state, 'closed');
    assert.deepEqual(states, ['open', 'half-open', 'closed']);
  });

  test('opens again at once when the probe fails', async (t) => {
    const { breaker, pass } = create(t);
    await open(breaker);
    pass(LIMITS.resetAfterMs);
    await assert.rejects(fail(breaker));
    assert.equal(breaker.state, 'open');
    assert.deepEqual(await breaker.guard(mustNotRun), { open: true });
  });

  test('does not touch another breaker', async (t) => {
    const one = create(t);
    const other = createBreaker('other', LIMITS, () => undefined);
    t.after(() => other.close());
    await open(one.breaker);
    assert.equal(other.state, 'closed');
  });
});

/** A breaker on a clock that only `pass` moves. */
function create(t: TestContext) {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  const states: BreakerState[] = [];
  const breaker = createBreaker('test', LIMITS, (state) => states.push(state));
  t.after(() => {
    breaker.close();
    mock.timers.reset();
  });
  return { breaker, states, pass: (ms: number) => mock.timers.tick(ms) };
}

async function open(breaker: Breaker): Promise<void> {
  for (let call = 0; call < LIMITS.leastCalls; call++) await assert.rejects(fail(breaker));
  assert.equal(breaker.state, 'open');
}

function fail(breaker: Breaker): Promise<unknown> {
  return breaker.guard(() => Promise.reject(new Error('broken')));
}

function mustNotRun(): Promise<never> {
  throw new Error('called while open');
}
