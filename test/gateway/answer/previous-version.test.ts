import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import type { Part } from '../../../gateway/answer/part.ts';
import { createPreviousVersion } from '../../../gateway/answer/previous-version.ts';
import type { Query } from '../../../shared/catalog/catalog.ts';
import type { Shape } from '../../../shared/catalog/define-query.ts';
import { fingerprint } from '../../../shared/fingerprint.ts';
import { makeEntry } from '../../shared/entry/make-entry.ts';
import { queryOf } from '../../shared/versions/make-query.ts';

const price = z.object({ id: z.int(), price: z.number() });
const rows = [
  { id: 1, price: 2.5 },
  { id: 2, price: 3 },
];

describe('what a previous version has left', () => {
  test('is filed under its own fingerprint, if it took the same parameters', () => {
    const before = queryOf('prices', 1, price);
    const part = partOf(queryOf('prices', 2, price));
    const { previous } = knowing(before);
    const { name, version } = before;
    const expected = fingerprint({ query: name, version, scope: 'public', parameters: { id: 7 } });
    assert.equal(previous.fingerprintFor(part), expected);
    const others = z.object({ id: z.int(), limit: z.int() });
    assert.equal(knowing(queryOf('prices', 1, price, others)).previous.soughtFor(part), undefined);
    assert.equal(knowing(undefined).previous.fingerprintFor(part), undefined);
  });

  test('is not looked for once the part has had an entry of its own', () => {
    const part = partOf(queryOf('prices', 2, price));
    const { previous } = knowing(queryOf('prices', 1, price));
    assert.equal(previous.soughtFor(part), previous.fingerprintFor(part));
    previous.noteOwn(part);
    assert.equal(previous.soughtFor(part), undefined);
    assert.notEqual(previous.fingerprintFor(part), undefined);
    const other = { ...part, fingerprint: 'f'.repeat(64) };
    assert.notEqual(previous.soughtFor(other), undefined);
  });

  test('fits as it is while rows are declared alike, however large and whatever is in it', async () => {
    const { fit } = fitting(price, price);
    assert.equal(String((await fit('not even JSON'))?.rows), 'not even JSON');
  });

  test('fits another declaration when every row does, with what that lets through', async () => {
    const wider = z.object({ id: z.number(), price: z.number().nullable() });
    const same = fitting(price, wider);
    const kept = await same.fit(rows);
    assert.equal(kept?.rows, same.entry(rows).rows);
    assert.ok(kept?.zstd, 'unchanged rows stay as compressed as they were');

    const narrower = await fitting(price, z.object({ id: z.int() })).fit(rows);
    assert.equal(String(narrower?.rows), '[{"id":1},{"id":2}]');
    assert.equal(narrower?.zstd, undefined);

    const added = price.extend({ note: z.string().default('none') });
    const [first] = JSON.parse(String((await fitting(price, added).fit(rows))?.rows));
    assert.deepEqual(first, { id: 1, price: 2.5, note: 'none' });
  });

  test('does not fit when one row does not, or it is too large to look at, and somebody hears of it', async () => {
    for (const [row, given] of [
      [z.object({ id: z.string() }), rows],
      [price.extend({ note: z.string() }), rows],
      [z.object({ id: z.int().max(1) }), rows],
      [z.object({ id: z.int() }), Array.from({ length: 60_000 }, () => rows[0])],
      [z.object({ id: z.int() }), 'not even JSON'],
    ] as const) {
      const { fit, told } = fitting(price, row);
      assert.equal(await fit(given), undefined);
      assert.deepEqual(told, ['prices']);
    }
  });

  test('is looked at once, however many ask for it', async () => {
    const { fit, told } = fitting(price, z.object({ id: z.string() }));
    await Promise.all([fit(rows), fit(rows), fit(rows)]);
    await fit(rows);
    assert.equal(told.length, 1);
  });

  test('is nothing when it is of a version that is neither this one nor the one before', async () => {
    const next = queryOf('prices', 2, price);
    const { previous } = knowing(queryOf('prices', 1, price));
    const entry = makeEntry({ query: 'prices', version: 'another' });
    assert.equal(await previous.fit(next, entry), undefined);
  });
});

function knowing(before: Query | undefined) {
  const told: string[] = [];
  const known = before && { ...before, firstSeenAt: 0 };
  const previous = createPreviousVersion({
    versions: { otherThan: () => known },
    onUnfit: (query) => told.push(query),
  });
  return { previous, told };
}

/** Fits entries whose rows are of one declaration to another. */
function fitting(from: Shape, to: Shape) {
  const [before, next] = [queryOf('prices', 1, from), queryOf('prices', 2, to)];
  const { previous, told } = knowing(before);
  const made = makeEntry({ version: before.version });
  const buffers = new Map<unknown, Buffer>();
  const entry = (given: unknown) => {
    const text = typeof given === 'string' ? given : JSON.stringify(given);
    const kept = buffers.get(given) ?? Buffer.from(text);
    buffers.set(given, kept);
    return { ...made, rows: kept, zstd: Buffer.from('frame') };
  };
  return { entry, told, fit: (given: unknown) => previous.fit(next, entry(given)) };
}

function partOf(query: Query): Part {
  const identity = { query: query.name, version: query.version, scope: 'public' };
  const parameters = { id: 7 };
  return {
    name: 'prices',
    query,
    parameters,
    scope: 'public',
    fingerprint: fingerprint({ ...identity, parameters }),
    fallbacks: [],
  };
}
