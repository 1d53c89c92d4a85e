import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import {
  type Breaker,
  type BreakerLimits,
  createBreaker,
  type Outcome,
} from '../../../shared/breaker/breaker.ts';
import type { BreakerState } from '../../../shared/breaker/circuit.ts';
import { stopTime } from './fake-time.ts';
import { createMemoryBoard } from './memory-board.ts';

const LIMITS = {
  windowMs: 60_000,
  leastCalls: 4,
  errorPercent: 50,
  resetAfterMs: 5_000,
  probeMs: 15_000,
};

describe('a closed breaker', () => {
  test('hands on values and rejections', async (t) => {
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

  test('opens after so many failures in a row, however long all was well before', async (t) => {
    const { breaker } = create(t, { ...LIMITS, failuresInRow: 6 });
    for (let call = 0; call < 500; call++) await report(breaker, 'success');
    for (const _ of [1, 2, 3, 4, 5]) await report(breaker, 'failure');
    await report(breaker, 'success');
    for (const _ of [1, 2, 3, 4, 5]) await report(breaker, 'failure');
    assert.equal(breaker.state, 'closed');
    await report(breaker, 'failure');
    assert.equal(breaker.state, 'open');
  });

  test('counts a value as a failure when told, and still hands it on', async (t) => {
    const { breaker } = create(t);
    const timeout = { kind: 'timeout' };
    for (const _ of [1, 2, 3, 4]) {
      const guarded = await breaker.guard(
        async () => timeout,
        ({ kind }) => (kind === 'timeout' ? 'failure' : 'success'),
      );
      assert.deepEqual(guarded, { open: false, value: timeout });
    }
    assert.equal(breaker.state, 'open');
  });

  test('does not let what is ignored dilute what fails', async (t) => {
    const { breaker } = create(t);
    for (let call = 0; call < 50; call++) await report(breaker, 'ignored');
    for (const _ of [1, 2, 3]) await report(breaker, 'failure');
    assert.equal(breaker.state, 'closed');
    await report(breaker, 'failure');
    assert.equal(breaker.state, 'open');
  });

  test('does not count a rejection that is judged to say nothing', async (t) => {
    const { breaker } = create(t);
    const left = () =>
      breaker.guard(
        () => Promise.reject(new Error('left')),
        undefined,
        () => 'ignored',
      );
    for (let call = 0; call < 10; call++) await assert.rejects(left(), /left/);
    assert.equal(breaker.state, 'closed');
  });

  test('takes one report of a call, and no more', async (t) => {
    const { breaker } = create(t);
    const call = await admitted(breaker);
    for (let again = 0; again < 10; again++) call.report('failure');
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

  test('forgets failures that are older than its window, however long nobody calls', async (t) => {
    for (const quietMs of [LIMITS.windowMs, 100 * LIMITS.windowMs]) {
      const { breaker, pass } = create(t);
      for (const _ of [1, 2, 3]) await report(breaker, 'failure');
      await pass(quietMs);
      await report(breaker, 'failure');
      assert.equal(breaker.state, 'closed');
      t.mock.reset();
    }
  });

  test('remembers failures that are younger than its window', async (t) => {
    const { breaker, pass } = create(t);
    for (const _ of [1, 2, 3]) {
      await report(breaker, 'failure');
      await pass(LIMITS.windowMs / 4);
    }
    await report(breaker, 'failure');
    assert.equal(breaker.state, 'open');
  });

  test('opens for successes that came later than anybody waits', async (t) => {
    const { breaker, pass } = create(t, { ...LIMITS, slowMs: 1_000 });
    const calls = await Promise.all([1, 2, 3, 4].map(() => admitted(breaker)));
    await pass(1_001);
    for (const { report } of calls) report('success');
    assert.equal(breaker.state, 'open');
  });

  test('does not open for successes in time, or for slow calls that are to be ignored', async (t) => {
    const { breaker, pass } = create(t, { ...LIMITS, slowMs: 1_000 });
    const calls = await Promise.all(Array.from({ length: 8 }, () => admitted(breaker)));
    await pass(1_000);
    for (const { report } of calls.slice(0, 4)) report('success');
    await pass(5_000);
    for (const { report } of calls.slice(4)) report('ignored');
    assert.equal(breaker.state, 'closed');
  });
});

describe('an open breaker', () => {
  test('lets one probe through after its time, and closes when that succeeds', async (t) => {
    const { breaker, states, pass } = create(t);
    await open(breaker);
    await pass(LIMITS.resetAfterMs - 1);
    assert.deepEqual(await breaker.guard(mustNotRun), { open: true });
    await pass(1);
    assert.equal(breaker.state, 'half-open');
    const probe = await admitted(breaker);
    assert.equal(probe.probe, true);
    for (const _ of [1, 2, 3]) assert.deepEqual(await breaker.guard(mustNotRun), { open: true });
    probe.report('success');
    assert.equal(breaker.state, 'closed');
    assert.deepEqual(states, ['open', 'half-open', 'closed']);
    assert.equal((await admitted(breaker)).probe, false);
  });

  test('lets one probe through however many ask at once', async (t) => {
    const { breaker, pass } = create(t);
    await open(breaker);
    await pass(LIMITS.resetAfterMs);
    const asked = await Promise.all(Array.from({ length: 20 }, () => breaker.admit()));
    assert.equal(asked.filter(({ admitted }) => admitted).length, 1);
  });

  test('opens again at once when the probe fails', async (t) => {
    const { breaker, pass } = create(t);
    await open(breaker);
    await pass(LIMITS.resetAfterMs);
    await assert.rejects(fail(breaker));
    assert.equal(breaker.state, 'open');
    assert.deepEqual(await breaker.guard(mustNotRun), { open: true });
  });

  test('lets the next probe go at once when one says nothing', async (t) => {
    const { breaker, pass } = create(t);
    await open(breaker);
    await pass(LIMITS.resetAfterMs);
    await report(breaker, 'ignored');
    assert.equal(breaker.state, 'half-open');
    await report(breaker, 'success');
    assert.equal(breaker.state, 'closed');
  });

  test('takes a probe that never reports for a failed one', async (t) => {
    const { breaker, pass, states } = create(t);
    await open(breaker);
    await pass(LIMITS.resetAfterMs);
    const hung = await admitted(breaker);
    await pass(LIMITS.probeMs);
    assert.equal(breaker.state, 'open');
    await pass(LIMITS.resetAfterMs);
    hung.report('failure');
    await report(breaker, 'success');
    assert.deepEqual(states, ['open', 'half-open', 'open', 'half-open', 'closed']);
  });

  test('closes for a probe that succeeds after it was given up', async (t) => {
    const { breaker, pass } = create(t);
    await open(breaker);
    await pass(LIMITS.resetAfterMs);
    const late = await admitted(breaker);
    await pass(LIMITS.probeMs);
    late.report('success');
    assert.equal(breaker.state, 'closed');
  });

  test('does not close for a probe of an earlier trouble', async (t) => {
    const { breaker, pass } = create(t);
    await open(breaker);
    await pass(LIMITS.resetAfterMs);
    const first = await admitted(breaker);
    await pass(LIMITS.probeMs);
    await pass(LIMITS.resetAfterMs);
    await report(breaker, 'success');
    await open(breaker);
    first.report('success');
    assert.equal(breaker.state, 'open');
  });

  test('starts counting anew when it has closed, and not with the calls of before', async (t) => {
    const { breaker, pass } = create(t);
    const before = await Promise.all(Array.from({ length: 20 }, () => admitted(breaker)));
    await open(breaker);
    await pass(LIMITS.resetAfterMs);
    await report(breaker, 'success');
    for (const { report } of before) report('failure');
    for (const _ of [1, 2, 3]) await report(breaker, 'failure');
    assert.equal(breaker.state, 'closed');
    await report(breaker, 'failure');
    assert.equal(breaker.state, 'open');
  });

  test('does not close for a call that was admitted before it opened', async (t) => {
    const { breaker, pass } = create(t);
    const before = await admitted(breaker);
    await open(breaker);
    await pass(LIMITS.resetAfterMs);
    before.report('success');
    assert.equal(breaker.state, 'half-open');
  });

  test('does not touch another breaker', async (t) => {
    const { breaker } = create(t);
    const other = createBreaker('other', LIMITS, { onChange: () => undefined });
    t.after(() => other.close());
    await open(breaker);
    assert.equal(other.state, 'closed');
  });

  test('that has been ended changes no more and tells nothing', async (t) => {
    const { breaker, states, pass } = create(t);
    await open(breaker);
    await pass(LIMITS.resetAfterMs);
    const probe = await admitted(breaker);
    breaker.close();
    probe.report('success');
    await pass(LIMITS.probeMs + LIMITS.resetAfterMs);
    assert.deepEqual(states, ['open', 'half-open']);
  });
});

describe('a breaker whose board keeps the place taken', () => {
  test('probes by itself once one holder has had it for longer than any may', async (t) => {
    const time = stopTime(t.mock);
    const board = createMemoryBoard(time.now);
    board.claimProbe = async () => ({ kind: 'busy', holder: 'gone' });
    const parts = { onChange: () => undefined, board, now: time.now };
    const breaker = createBreaker('test', LIMITS, parts);
    t.after(() => breaker.close());
    await open(breaker);
    await time.pass(LIMITS.resetAfterMs);
    assert.equal((await breaker.admit()).admitted, false);
    await time.pass(LIMITS.probeMs + LIMITS.resetAfterMs);
    assert.equal((await breaker.admit()).admitted, false);
    await time.pass(1_000);
    await report(breaker, 'success');
    assert.equal(breaker.state, 'closed');
  });
});

/** A breaker of one process, on a clock that only `pass` moves. */
function create(t: TestContext, limits: BreakerLimits = LIMITS) {
  const { now, pass } = stopTime(t.mock);
  const states: BreakerState[] = [];
  const breaker = createBreaker('test', limits, { onChange: (state) => states.push(state), now });
  t.after(() => breaker.close());
  return { breaker, states, pass };
}

async function admitted(breaker: Breaker) {
  const admitted = await breaker.admit();
  assert.ok(admitted.admitted);
  return admitted;
}

async function report(breaker: Breaker, outcome: Outcome): Promise<void> {
  (await admitted(breaker)).report(outcome);
}

async function open(breaker: Breaker): Promise<void> {
  for (let call = 0; call < LIMITS.leastCalls; call++) await report(breaker, 'failure');
  assert.equal(breaker.state, 'open');
}

function fail(breaker: Breaker): Promise<unknown> {
  return breaker.guard(() => Promise.reject(new Error('broken')));
}

function mustNotRun(): Promise<never> {
  throw new Error('called while open');
}
