import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { parseList, Token } from 'structured-headers';
import type { Answer } from '../get.ts';
import { assertProblem } from './assert-problem.ts';
import { withClaims } from './with-claims.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

describe('freshness', async () => {
  const stack = await withClaims();
  after(() => stack.stop());
  beforeEach(() => stack.faults([]));

  test('a new answer is live, the next one fresh, and only the first costs a job', async () => {
    const asked = { query: 'bare', parameters: { key: 'new' } };
    const live = await stack.ask(asked);
    const fresh = await stack.ask(asked);
    assert.equal(live.body.meta.source, 'live');
    assert.equal(fresh.body.meta.source, 'fresh');
    assert.deepEqual(fresh.body.data, live.body.data);
    assert.equal(fresh.body.meta.asOf, live.body.meta.asOf);
    assert.equal((await stack.jobsOf(asked)).length, 1);
    assertAgreement(live, { fwd: 'miss', stored: true });
    assertAgreement(fresh, { hit: true });
  });

  test('within the revalidate bound an entry is served at once, and the next answer is fresh', async () => {
    const asked = { query: 'behind', parameters: { key: 'revalidated' } };
    await stack.faults([{ match: { query: 'behind' }, latencyMs: 500 }]);
    const asOf = await stack.put(asked, [{ key: 'revalidated', stamp: 'old' }], 30 * minuteMs);
    const old = await stack.ask(asked);
    assert.equal(old.body.data[0].stamp, 'old');
    assert.equal(old.body.meta.source, 'stale');
    assert.equal(old.body.meta.parts.behind.reason, 'revalidating');
    assertAgreement(old, { hit: true, detail: 'revalidating' });

    await stack.untilNewer(asked, asOf);
    const next = await stack.ask(asked);
    assert.equal(next.body.meta.source, 'fresh');
    assert.notEqual(next.body.data[0].stamp, 'old');
    assert.equal((await stack.jobsOf(asked)).length, 1);
  });

  test('past both bounds an entry waits for a newer one, which replaces it', async () => {
    const asked = { query: 'bare', parameters: { key: 'past' } };
    await stack.put(asked, [{ key: 'past', stamp: 'old' }], hourMs);
    const { body } = await stack.ask(asked);
    assert.equal(body.meta.source, 'live');
    assert.notEqual(body.data[0].stamp, 'old');
  });

  test('past its hard bound an entry is never served', async () => {
    await stack.faults([{ match: { query: '*' }, error: { status: 503, reason: 'backendError' } }]);
    const bare = { query: 'bare', parameters: { key: 'too old' } };
    const steady = { query: 'steady', parameters: { key: 'too old' } };
    await stack.put(bare, [{ key: 'too old', stamp: 'old' }], 25 * hourMs);
    await stack.put(steady, [{ key: 'too old', stamp: 'old' }], 25 * hourMs);
    assertProblem(await stack.ask(bare), 'warehouse-failed');
    const { body } = await stack.ask(steady);
    assert.equal(body.meta.source, 'fallback');
    assert.equal(body.data[0].key, 'constant');
  });

  test('the label of the whole is that of its worst part, and its age that of its oldest', async () => {
    await stack.faults([
      { match: { query: 'bare' }, error: { status: 503, reason: 'backendError' } },
    ]);
    const parameters = { key: 'worst' };
    await stack.put({ query: 'bare', parameters }, [{ key: 'worst', stamp: 'old' }], hourMs);
    await stack.put({ query: 'steady', parameters }, [{ key: 'worst', stamp: 'new' }], minuteMs);
    const answer = await stack.get('/api/v1/two-parts?key=worst');
    const { meta } = answer.body;
    assert.equal(meta.source, 'stale');
    assert.equal(meta.parts.steady.source, 'fresh');
    assert.equal(meta.parts.bare.source, 'stale');
    assert.equal(meta.parts.bare.reason, 'failed');
    assert.equal(meta.asOf, meta.parts.bare.asOf);
    assertAgreement(answer, { hit: true, detail: 'failed' });
  });

  test('a part without anything is null beside parts that have rows, and the whole says so', async () => {
    const answer = await stack.get('/api/v1/mixed-parts?key=mixed');
    const { data, meta } = answer.body;
    assert.equal(answer.status, 200);
    assert.equal(data.mistaken, null);
    assert.equal(data.bare[0].key, 'mixed');
    assert.deepEqual(meta.parts.mistaken, {
      source: 'none',
      reason: 'failed',
      code: 'query-failed',
    });
    assert.equal(meta.source, 'none');
    assert.equal(meta.degraded, true);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  });

  test('If-None-Match is 304 while the same entry stands, and 200 once it has changed', async () => {
    const asked = { query: 'bare', parameters: { key: 'tagged' } };
    const first = await stack.ask(asked);
    const tag = first.headers.get('etag') ?? '';
    assert.match(tag, /^W\/"[\w-]+"$/);
    for (const header of [tag, `"other", ${tag}`, '*']) {
      const again = await stack.ask(asked, ifNoneMatch(header));
      assert.equal(again.status, 304, header);
      assert.equal(again.text, '');
      assert.equal(again.headers.get('etag'), tag);
      assert.ok(again.headers.get('cache-status')?.startsWith('punctual; hit'));
    }
    await stack.put(asked, [{ key: 'tagged', stamp: 'changed' }], minuteMs);
    const changed = await stack.ask(asked, ifNoneMatch(tag));
    assert.equal(changed.status, 200);
    assert.equal(changed.body.data[0].stamp, 'changed');
    assert.notEqual(changed.headers.get('etag'), tag);
  });

  test('the tag of one question never matches another, though the rows are alike', async () => {
    const rows = [{ key: 'alike', stamp: 'alike' }];
    const one = { query: 'bare', parameters: { key: 'alike 1' } };
    const other = { query: 'bare', parameters: { key: 'alike 2' } };
    await stack.put(one, rows, minuteMs);
    await stack.put(other, rows, minuteMs);
    const tag = (await stack.ask(one)).headers.get('etag') ?? '';
    assert.equal((await stack.ask(other, ifNoneMatch(tag))).status, 200);
  });

  test('a failed refresh neither removes nor re-stamps the stored entry', async () => {
    const asked = { query: 'bare', parameters: { key: 'kept' } };
    await stack.faults([
      { match: { query: 'bare' }, error: { status: 503, reason: 'backendError' } },
    ]);
    const asOf = await stack.put(asked, [{ key: 'kept', stamp: 'old' }], hourMs);
    for (let round = 0; round < 2; round++) {
      const { status, body } = await stack.ask(asked);
      assert.equal(status, 200);
      assert.equal(body.data[0].stamp, 'old');
      assert.equal(body.meta.source, 'stale');
      assert.equal(Date.parse(body.meta.asOf), asOf);
    }
    assert.equal((await stack.stored(asked))?.asOf, asOf);
  });
});

/** `fetch` adds `Cache-Control: no-cache` to a conditional request that says nothing about caches itself. */
function ifNoneMatch(tags: string): Record<string, string> {
  return { 'If-None-Match': tags, 'Cache-Control': 'max-stale' };
}

/** Body and headers say the same: RFC 9211's member, `Age`, `asOf`, `ageSeconds`, and a `ttl` that is true to the second or two. */
function assertAgreement({ headers, body }: Answer, expected: Record<string, unknown>): void {
  const [member] = parseList(headers.get('cache-status') ?? '');
  assert.equal(String(member?.[0]), 'punctual');
  const parameters = Object.fromEntries(
    [...(member?.[1] ?? [])].map(([name, value]) => [
      name,
      value instanceof Token ? value.toString() : value,
    ]),
  );
  const { ttl, ...rest } = parameters;
  assert.deepEqual(rest, expected);
  const age = Number(headers.get('age'));
  assert.equal(age, body.meta.ageSeconds);
  const trueAge = (Date.now() - Date.parse(body.meta.asOf)) / 1_000;
  assert.ok(trueAge - age > -1 && trueAge - age < 5, `age ${age}, truly ${trueAge}`);
  assert.ok(Math.abs(Number(ttl) - (600 - age)) <= 1, `ttl ${String(ttl)} at age ${age}`);
}
