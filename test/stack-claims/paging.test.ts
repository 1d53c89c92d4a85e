import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { writeCursor } from '../../gateway/answer/page.ts';
import { assertProblem } from './assert-problem.ts';
import { withClaims } from './with-claims.ts';

interface Numbered {
  readonly n: number;
  readonly stamp: string;
}

describe('pages', async () => {
  const stack = await withClaims();
  after(() => stack.stop());
  const pathOf = (key: string, more = '') =>
    `/api/v1/numbered-pages?key=${encodeURIComponent(key)}${more}`;
  const askedFor = (key: string, size = 25) => ({ query: 'numbered', parameters: { key, size } });

  /** Follows the cursors from a path to the end; `between` happens before every following page. */
  const readPages = async (path: string, between: () => Promise<unknown> = async () => {}) => {
    const pages: Numbered[][] = [];
    const instants = new Set<string>();
    for (let cursor = ''; ; ) {
      const { status, body, text } = await stack.get(`${path}${cursor}`);
      assert.equal(status, 200, text);
      pages.push(body.data.numbers);
      instants.add(body.meta.asOf);
      if (body.meta.nextCursor === undefined) return { pages, instants };
      cursor = `&cursor=${encodeURIComponent(body.meta.nextCursor)}`;
      await between();
    }
  };
  const numbersTo = (size: number) => Array.from({ length: size }, (_, index) => index + 1);

  test('all together are exactly the whole list, each row once and in order', async () => {
    const { pages } = await readPages(pathOf('whole'));
    assert.deepEqual(
      pages.map(({ length }) => length),
      [10, 10, 5],
    );
    const { body: whole } = await stack.ask(askedFor('whole'));
    assert.deepEqual(pages.flat(), whole.data);
    assert.equal((await stack.jobsOf(askedFor('whole'))).length, 1);
  });

  test('end with the hard bound of what they page through: nothing older is served', async () => {
    const asked = askedFor('too old');
    const asOf = await stack.put(asked, [{ n: 1, stamp: 'old' }], 365 * 24 * 3_600_000);
    const cursor = writeCursor({ fingerprint: stack.fingerprintOf(asked), asOf, offset: 0 });
    const answer = await stack.get(pathOf('too old', `&cursor=${cursor}`));
    assertProblem(answer, 'cursor-expired');
  });

  test('have no next one behind the last, however the list ends', async () => {
    for (const [size, lengths] of [
      [0, [0]],
      [9, [9]],
      [10, [10]],
      [11, [10, 1]],
      [20, [10, 10]],
    ] as const) {
      const { pages } = await readPages(pathOf(`ends ${size}`, `&size=${size}`));
      assert.deepEqual(
        pages.map(({ length }) => length),
        lengths,
      );
    }
  });

  test('come from one snapshot, though the entry is replaced between them', async () => {
    const newRows = numbersTo(40).map((n) => ({ n, stamp: 'replaced' }));
    const asked = askedFor('replaced');
    const { pages, instants } = await readPages(pathOf('replaced'), () =>
      stack.put(asked, newRows, 0),
    );
    assert.deepEqual(
      pages.flat().map(({ n }) => n),
      numbersTo(25),
    );
    assert.equal(instants.size, 1);
    assert.ok(pages.flat().every(({ stamp }) => stamp !== 'replaced'));
  });

  test('can have another length each', async () => {
    const { body: first } = await stack.get(pathOf('lengths', '&limit=3'));
    const cursor = encodeURIComponent(first.meta.nextCursor);
    const { body: rest } = await stack.get(pathOf('lengths', `&limit=100&cursor=${cursor}`));
    const rows: Numbered[] = [...first.data.numbers, ...rest.data.numbers];
    assert.deepEqual(
      rows.map(({ n }) => n),
      numbersTo(25),
    );
  });

  test('are refused for a cursor that is none, or that belongs to another list', async () => {
    const { body } = await stack.get(pathOf('own'));
    const foreign = encodeURIComponent(body.meta.nextCursor);
    assertProblem(await stack.get(pathOf('foreign', `&cursor=${foreign}`)), 'invalid-cursor');
    for (const cursor of ['x', 'W10', '%00', 'a'.repeat(5_000), btoa('["",0,0]'), btoa('[1,2,3]')])
      assertProblem(await stack.get(pathOf('own', `&cursor=${cursor}`)), 'invalid-cursor');
  });

  test('are gone when their snapshot is', async () => {
    const { body } = await stack.get(pathOf('gone'));
    const cursor = encodeURIComponent(body.meta.nextCursor);
    await stack.forgetStored();
    await stack.put(askedFor('gone'), [], 0);
    assertProblem(await stack.get(pathOf('gone', `&cursor=${cursor}`)), 'cursor-expired');
  });

  test('of an entry that has become stale say so', async () => {
    const asked = askedFor('stale pages');
    const rows = numbersTo(25).map((n) => ({ n, stamp: 'old' }));
    await stack.faults([
      { match: { query: 'numbered' }, error: { status: 503, reason: 'backendError' } },
    ]);
    await stack.put(asked, rows, 3_600_000);
    const { body: first } = await stack.get(pathOf('stale pages'));
    assert.equal(first.meta.source, 'stale');
    const cursor = encodeURIComponent(first.meta.nextCursor);
    const { body: second } = await stack.get(pathOf('stale pages', `&cursor=${cursor}`));
    assert.equal(second.meta.source, 'stale');
    assert.equal(second.meta.parts.numbers.reason, 'snapshot');
    assert.equal(second.data.numbers[0].n, 11);
  });
});
