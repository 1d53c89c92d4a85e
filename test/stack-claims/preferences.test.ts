import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { assertProblem } from './assert-problem.ts';
import { withClaims } from './with-claims.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

describe('what a caller says in Cache-Control', async () => {
  const stack = await withClaims();
  after(() => stack.stop());
  beforeEach(() => stack.faults([]));
  const askWith = (asked: Parameters<typeof stack.ask>[0], directive: string) =>
    stack.ask(asked, { 'Cache-Control': directive, 'Request-Timeout': '4' });

  /** A question of the query with an entry of that age. */
  const stored = async (query: string, key: string, ageMs: number) => {
    const asked = { query, parameters: { key } };
    await stack.put(asked, [{ key, stamp: 'old' }], ageMs);
    return asked;
  };

  test('max-age refuses an entry that is older, fresh as it is', async () => {
    const asked = await stored('bare', 'max-age', 5 * minuteMs);
    assert.equal((await askWith(asked, 'max-age=400')).body.meta.source, 'fresh');
    const { body } = await askWith(asked, 'max-age=60');
    assert.equal(body.meta.source, 'live');
    assert.notEqual(body.data[0].stamp, 'old');
  });

  test('min-fresh refuses an entry that is about to stop being fresh', async () => {
    const asked = await stored('bare', 'min-fresh', 9 * minuteMs);
    assert.equal((await askWith(asked, 'min-fresh=30')).body.meta.source, 'fresh');
    assert.equal((await askWith(asked, 'min-fresh=120')).body.meta.source, 'live');
  });

  test('no-cache runs the query anew and stores what it brings', async () => {
    const asked = { query: 'bare', parameters: { key: 'no-cache' } };
    const { body: first } = await stack.ask(asked);
    const { body: anew } = await askWith(asked, 'no-cache');
    const { body: next } = await stack.ask(asked);
    assert.equal(anew.meta.source, 'live');
    assert.notEqual(anew.data[0].stamp, first.data[0].stamp);
    assert.deepEqual(next.data, anew.data);
    assert.equal((await stack.jobsOf(asked)).length, 2);
  });

  test('no-cache still gets the fresh entry, labelled, when nothing newer can be had', async () => {
    await stack.faults([
      { match: { query: 'bare' }, error: { status: 503, reason: 'backendError' } },
    ]);
    const asked = await stored('bare', 'no-cache failed', minuteMs);
    const { status, body } = await askWith(asked, 'no-cache');
    assert.equal(status, 200);
    assert.equal(body.data[0].stamp, 'old');
    assert.equal(body.meta.source, 'stale');
    assert.equal(body.meta.parts.bare.reason, 'failed');
  });

  test('max-stale=0 would rather have an error than an old answer, and gets one', async () => {
    const hung = await stored('steady', 'max-stale hung', hourMs);
    await stack.faults([{ match: { query: 'steady' }, hang: true }]);
    const late = await stack.ask(hung, { 'Cache-Control': 'max-stale=0', 'Request-Timeout': '1' });
    assertProblem(late, 'timeout');
    assert.ok(late.headers.has('retry-after'));

    const failed = await stored('patient', 'max-stale failed', hourMs);
    await stack.faults([
      { match: { query: 'patient' }, error: { status: 503, reason: 'backendError' } },
    ]);
    assertProblem(await askWith(failed, 'max-stale=0'), 'warehouse-failed');
  });

  test('max-stale=0 gets a live answer where one can be had', async () => {
    const asked = await stored('bare', 'max-stale live', hourMs);
    assert.equal((await askWith(asked, 'max-stale=0')).body.meta.source, 'live');
  });

  test('max-stale with seconds bounds how stale an answer may be', async () => {
    await stack.faults([
      { match: { query: 'harvested' }, error: { status: 503, reason: 'backendError' } },
    ]);
    const asked = await stored('harvested', 'max-stale bound', hourMs);
    const near = await askWith(asked, 'max-stale=7200');
    assert.equal(near.body.meta.source, 'stale');
    const far = await askWith(asked, 'max-stale=60');
    assert.notEqual(far.body.data?.[0].stamp, 'old');
  });

  test('max-stale=0 is not served what revalidates', async () => {
    const asked = await stored('behind', 'max-stale revalidating', 30 * minuteMs);
    const { body } = await askWith(asked, 'max-stale=0');
    assert.equal(body.meta.source, 'live');
  });

  test('only-if-cached starts nothing', async () => {
    const unknown = { query: 'bare', parameters: { key: 'only-if-cached' } };
    assertProblem(await askWith(unknown, 'only-if-cached'), 'timeout');
    assert.deepEqual(await stack.jobsOf(unknown), []);

    const known = await stored('bare', 'only-if-cached known', minuteMs);
    assert.equal((await askWith(known, 'only-if-cached')).body.meta.source, 'fresh');
    const old = await stored('bare', 'only-if-cached old', hourMs);
    const { body } = await askWith(old, 'only-if-cached');
    assert.equal(body.meta.source, 'stale');
    assert.deepEqual(await stack.jobsOf(old), []);
  });
});
