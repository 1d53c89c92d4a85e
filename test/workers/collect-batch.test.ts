import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { checkQuery } from '../../shared/catalog/check-query.ts';
import type { Query } from '../../shared/catalog/catalog.ts';
import { collectBatch } from '../../workers/thread/collect-batch.ts';
import type { Key } from '../../workers/thread/split-by-key.ts';
import type { Page } from '../../workers/thread/warehouse-job.ts';
import { MAX_REPLY_BYTES } from '../../workers/thread/call-warehouse.ts';
import { type ScriptedWarehouse, startScriptedWarehouse } from './scripted-warehouse.ts';

const fields = [
  { name: 'n', type: 'INT64' },
  { name: 'user', type: 'INT64' },
];

function queryWith(more: object = {}): Query {
  const parameters = z.object({ user: z.int(), word: z.string() });
  const definition = { name: 'q', summary: 'Counts.', parameters, row: z.object({ n: z.int() }) };
  const checked = checkQuery(
    { ...definition, batch: { by: 'user' }, policy: { maxRows: 2 }, ...more },
    'SELECT @user, @word',
  );
  assert.ok(checked.ok, JSON.stringify(checked));
  return checked.query;
}

type Cells = readonly [n: unknown, user: unknown];

function pageOf(rows: readonly (readonly unknown[])[], more: Partial<Page> = {}): Page {
  const cells = rows.map((row) => ({ f: row.map((v) => ({ v })) }));
  return { fields, rows: cells, totalRows: rows.length, nextToken: undefined, ...more };
}

let warehouse: ScriptedWarehouse;
before(async () => {
  warehouse = await startScriptedWarehouse();
});
after(() => warehouse[Symbol.asyncDispose]());

const { signal } = new AbortController();
const collect = (
  first: Page,
  keys: readonly Key[] = [1, 2, 3],
  query = queryWith(),
  job = warehouse.jobWith(),
) =>
  collectBatch({ job, first, signal, onLastPage: () => undefined }, query, {
    parameters: { word: 'w' },
    keys,
    isShared: false,
  });

/** What every key got: its rows, or the code of its refusal. */
async function outcomes(...asked: Parameters<typeof collect>) {
  const collected = await collect(...asked);
  assert.ok(collected.ok, JSON.stringify(collected));
  return new Map(
    [...collected.byKey].map(([key, one]) => [key, one.ok ? one.rows : one.code] as const),
  );
}

async function refusal(...asked: Parameters<typeof collect>) {
  const collected = await collect(...asked);
  assert.ok(!collected.ok);
  return `${collected.code}: ${collected.detail}`;
}

describe('collecting the rows of many keys', () => {
  test('gives each key its own over all pages, and a key without rows none', async () => {
    const first: Cells[] = [
      ['10', '1'],
      ['30', '3'],
    ];
    const last = pageOf([['11', '1']], { totalRows: 3 });
    const found = await outcomes(
      pageOf(first, { totalRows: 3, nextToken: 'a' }),
      [1, 2, 3],
      queryWith(),
      warehouse.jobWith(last),
    );
    assert.deepEqual(
      [...found],
      [
        [1, [{ n: 10 }, { n: 11 }]],
        [2, []],
        [3, [{ n: 30 }]],
      ],
    );
  });

  test('keeps the key in the row only where the row declares it', async () => {
    const page = pageOf([['10', '1']]);
    const strict = z.strictObject({ n: z.int() });
    assert.deepEqual((await outcomes(page, [1], queryWith({ row: strict }))).get(1), [{ n: 10 }]);
    const row = z.object({ n: z.int(), user: z.string() });
    assert.deepEqual((await outcomes(page, [1], queryWith({ row }))).get(1), [
      { n: 10, user: '1' },
    ]);
  });

  test('keeps keys apart that are text, exactly', async () => {
    const parameters = z.object({ user: z.string(), word: z.string() });
    const texts = [fields[0], { name: 'user', type: 'STRING' }] as Page['fields'];
    const page = pageOf(
      [
        ['1', 'a'],
        ['2', 'A'],
        ['3', '01'],
      ],
      { fields: texts },
    );
    const found = await outcomes(page, ['A', 'a', '1', '01'], queryWith({ parameters }));
    assert.deepEqual(Object.fromEntries(found), {
      A: [{ n: 2 }],
      a: [{ n: 1 }],
      1: [],
      '01': [{ n: 3 }],
    });
  });

  test('leaves out the rows of others only where the job is shared with them', async () => {
    const page = pageOf([
      ['1', '1'],
      ['2', '9'],
    ]);
    const finished = { job: warehouse.jobWith(), first: page, signal, onLastPage: () => undefined };
    const asked = { parameters: { word: 'w' }, keys: [1] };
    const shared = await collectBatch(finished, queryWith(), { ...asked, isShared: true });
    assert.ok(shared.ok);
    assert.deepEqual([...shared.byKey], [[1, { ok: true, rows: [{ n: 1 }] }]]);
    const own = await collectBatch(finished, queryWith(), { ...asked, isShared: false });
    assert.equal(own.ok, false);
  });

  test('tells when the last page is read', async () => {
    const told: string[] = [];
    const job = warehouse.jobWith(pageOf([['2', '1']], { totalRows: 2 }));
    const first = pageOf([['1', '1']], { totalRows: 2, nextToken: 'a' });
    const finished = { job, first, signal, onLastPage: () => told.push('last') };
    const asked = { parameters: { word: 'w' }, keys: [1], isShared: false };
    await collectBatch(finished, queryWith(), asked);
    assert.deepEqual(told, ['last']);
  });
});

describe('a key of many whose rows are bad', () => {
  const spoilt: readonly [what: string, rows: readonly Cells[], code: string][] = [
    ['do not fit their declaration', [[null, '2']], 'bad-result'],
    ['cannot be kept exactly', [['9007199254740993', '2']], 'bad-result'],
    [
      'are more than allowed',
      [
        ['1', '2'],
        ['2', '2'],
        ['3', '2'],
      ],
      'result-too-large',
    ],
  ];
  for (const [what, rows, code] of spoilt)
    test(`is refused by itself when they ${what}`, async () => {
      const page = pageOf([['10', '1'], ...rows, ['30', '3']]);
      assert.deepEqual(
        [...(await outcomes(page))],
        [
          [1, [{ n: 10 }]],
          [2, code],
          [3, [{ n: 30 }]],
        ],
      );
    });

  test('stays refused, whatever later pages bring, and its rows over all pages count', async () => {
    const job = () =>
      warehouse.jobWith(
        pageOf(
          [
            ['5', '2'],
            ['30', '3'],
          ],
          { totalRows: 4 },
        ),
      );
    const twice = pageOf(
      [
        [null, '2'],
        ['10', '1'],
      ],
      { totalRows: 4, nextToken: 'a' },
    );
    assert.equal((await outcomes(twice, [1, 2, 3], queryWith(), job())).get(2), 'bad-result');
    const many = pageOf(
      [
        ['3', '2'],
        ['4', '2'],
      ],
      { totalRows: 4, nextToken: 'a' },
    );
    const found = await outcomes(many, [1, 2, 3], queryWith(), job());
    assert.equal(found.get(2), 'result-too-large');
    assert.deepEqual(found.get(3), [{ n: 30 }]);
  });

  test('is refused by itself when its transform throws, spoils or multiplies them', async () => {
    const transform = (rows: { n: number }[], { user, word }: { user: number; word: string }) => {
      if (user === 2) throw new Error('no such shape');
      if (user === 3) return [{ n: 0.5 }];
      if (user === 4) return [1, 2, 3].map((n) => ({ n }));
      return rows.map(({ n }) => ({ n: n + user + word.length }));
    };
    const page = pageOf([
      ['10', '1'],
      ['20', '2'],
      ['30', '3'],
      ['40', '4'],
    ]);
    assert.deepEqual(
      [...(await outcomes(page, [1, 2, 3, 4, 5], queryWith({ transform })))],
      [
        [1, [{ n: 12 }]],
        [2, 'bad-result'],
        [3, 'bad-result'],
        [4, 'result-too-large'],
        [5, []],
      ],
    );
  });
});

describe('the rows of many keys are refused together', () => {
  test('when one of them is nobody’s', async () => {
    assert.match(
      await refusal(
        pageOf([
          ['1', '1'],
          ['9', '9'],
        ]),
      ),
      /^bad-result: .*9/,
    );
    assert.match(await refusal(pageOf([['1', null]])), /^bad-result: .*null/);
    assert.match(await refusal(pageOf([['1', '1']]), ['1']), /^bad-result/);
  });

  test('when a key cannot be read', async () => {
    assert.match(await refusal(pageOf([['1', '9007199254740993']])), /^bad-result: user/);
    assert.match(await refusal(pageOf([['1']])), /^bad-result: user/);
    assert.match(await refusal(pageOf([['1', '1', '1']])), /^bad-result: user/);
    const nameless = pageOf([['1']], { fields: fields.slice(0, 1) });
    assert.match(await refusal(nameless), /^bad-result: .*no column named user/);
  });

  test('when they are more than all keys may have, or larger than fits', async () => {
    const many = Array.from({ length: 7 }, (_, n) => [String(n), String((n % 3) + 1)]);
    assert.match(await refusal(pageOf(many)), /^result-too-large: 7 rows, allowed are 6/);
    const large = ' '.repeat(MAX_REPLY_BYTES);
    assert.match(await refusal(pageOf([[large, '1']])), /^result-too-large/);
  });

  test('when some of them got lost', async () => {
    assert.match(await refusal(pageOf([['1', '1']], { totalRows: 2 })), /^bad-result: 1 rows/);
  });

  test('and rejected when a page cannot be read', async () => {
    const first = pageOf([['1', '1']], { totalRows: 2, nextToken: 'a' });
    await assert.rejects(collect(first), /no such page/);
  });
});
