import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../gateway/answer/answer.ts';
import { dataPieces, metaAt, type NamedAnswer, ownMeta } from '../../gateway/http/envelope.ts';
import { answered, constantRows, noon, nothing } from './answers.ts';

const facts = { requestId: 'r1', elapsedMs: 12.6, now: noon, rowsOnly: false };
const bytesOf = (
  parts: readonly NamedAnswer[],
  more: Partial<typeof facts> & { nextCursor?: string } = {},
) => {
  const { requestId, elapsedMs, rowsOnly, ...told } = { ...facts, ...more };
  const data = dataPieces(parts, rowsOnly).map(({ bytes }) => bytes);
  const { before, after } = metaAt(parts, told);
  return Buffer.concat([
    ...data,
    Buffer.from(before + ownMeta(requestId, elapsedMs) + after, 'latin1'),
  ]);
};
const written = (answers: Record<string, Answer>, more?: Parameters<typeof bytesOf>[1]) => {
  const parts = Object.entries(answers).map(([name, answer]) => ({ name, answer }));
  return JSON.parse(bytesOf(parts, more).toString('utf8'));
};

describe('the envelope', () => {
  test('carries the parts side by side, and of each what happened', () => {
    const { data, meta } = written({
      one: answered('fresh', 12),
      two: answered('stale', 4_211, { reason: 'timeout' }),
      three: constantRows,
    });
    assert.deepEqual(data, { one: [{ n: 1 }], two: [{ n: 1 }], three: [] });
    assert.deepEqual(meta.parts.one, {
      source: 'fresh',
      asOf: '2026-11-20T11:59:48.000Z',
      ageSeconds: 12,
    });
    assert.equal(meta.parts.two.reason, 'timeout');
    assert.equal(meta.parts.two.ageSeconds, 4_211);
    assert.deepEqual(meta.parts.three, { source: 'fallback', reason: 'timeout' });
    assert.equal(meta.elapsedMs, 13);
    assert.equal(meta.requestId, 'r1');
  });

  test("says which rows are a previous version's", () => {
    const before = answered('stale', 12, { reason: 'revalidating', isPrevious: true });
    const { parts } = written({ one: before, two: answered('stale', 12) }).meta;
    assert.equal(parts.one.previousVersion, true);
    assert.equal('previousVersion' in parts.two, false);
  });

  test('calls the whole what its worst part is, and as old as its oldest', () => {
    const fresh = answered('fresh', 1);
    const live = answered('live', 0);
    const stale = answered('stale', 50, { reason: 'failed' });
    const worst = (...answers: Answer[]) => {
      const { meta } = written(Object.fromEntries(answers.map((one, i) => [`p${i}`, one])));
      return [meta.source, meta.degraded, meta.ageSeconds];
    };
    assert.deepEqual(worst(fresh, fresh), ['fresh', false, 1]);
    assert.deepEqual(worst(fresh, live), ['live', false, 1]);
    assert.deepEqual(worst(stale, live, fresh), ['stale', true, 50]);
    assert.deepEqual(worst(stale, constantRows), ['fallback', true, 50]);
    assert.deepEqual(worst(fresh, nothing), ['none', true, 1]);
    assert.deepEqual(worst(constantRows), ['fallback', true, undefined]);
  });

  test('says null where there is nothing, and the code', () => {
    const { data, meta } = written({ one: nothing });
    assert.deepEqual(data, { one: null });
    assert.deepEqual(meta.parts.one, {
      source: 'none',
      reason: 'failed',
      code: 'warehouse-failed',
    });
  });

  test('has an age of whole seconds, never below zero', () => {
    const age = (asOf: number) => written({ one: answered('fresh', 0, { asOf }) }).meta.ageSeconds;
    assert.equal(age(noon - 1_999), 1);
    assert.equal(age(noon + 60_000), 0);
  });

  test('of a query by itself has its rows as data', () => {
    const { data, meta } = written({ q: answered('fresh', 0) }, { rowsOnly: true });
    assert.deepEqual(data, [{ n: 1 }]);
    assert.equal(meta.parts.q.source, 'fresh');
  });

  test('keeps the bytes of the rows as they are stored', () => {
    const rows = Buffer.from('[{"n":9007199254740993,"x":1.0,"s":"é\\u00e9 "}]');
    const parts = [{ name: 'a "name"', answer: answered('fresh', 0, { rows }) }];
    const bytes = bytesOf(parts);
    assert.ok(bytes.includes(rows));
    assert.deepEqual(Object.keys(JSON.parse(bytes.toString('utf8')).data), ['a "name"']);
  });

  test('is ASCII around the data, whatever the parts are called', () => {
    const { meta } = written({ 'größe 😀': answered('fresh', 0) });
    assert.deepEqual(Object.keys(meta.parts), ['größe 😀']);
  });

  test('names the next page where there is one', () => {
    assert.equal(
      written({ one: answered('fresh', 0) }, { nextCursor: 'abc' }).meta.nextCursor,
      'abc',
    );
    assert.equal('nextCursor' in written({ one: answered('fresh', 0) }).meta, false);
  });
});
