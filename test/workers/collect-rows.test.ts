import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { checkQuery } from '../../shared/catalog/check-query.ts';
import type { Query } from '../../shared/catalog/catalog.ts';
import { collectRows } from '../../workers/thread/collect-rows.ts';
import type { Page } from '../../workers/thread/warehouse-job.ts';
import { type ScriptedWarehouse, startScriptedWarehouse } from './scripted-warehouse.ts';

const fields = [{ name: 'n', type: 'INT64' }];

function queryWith(more: object = {}): Query {
  const parameters = z.object({ key: z.string() });
  const definition = { name: 'q', summary: 'Counts.', parameters, row: z.object({ n: z.int() }) };
  const checked = checkQuery(
    { ...definition, policy: { maxRows: 4 }, ...more },
    'SELECT @key AS n',
  );
  assert.ok(checked.ok, JSON.stringify(checked));
  return checked.query;
}
function pageOf(numbers: readonly unknown[], totalRows: number, nextToken?: string): Page {
  return { fields, rows: numbers.map((v) => ({ f: [{ v }] })), totalRows, nextToken };
}

let warehouse: ScriptedWarehouse;
before(async () => {
  warehouse = await startScriptedWarehouse();
});
after(() => warehouse[Symbol.asyncDispose]());

const { signal } = new AbortController();
const collect = async (first: Page, job = warehouse.jobWith(), query = queryWith()) =>
  collectRows(job, first, query, { key: 'k' }, signal);

describe('collecting the rows of a job', () => {
  test('reads every page in its order', async () => {
    const job = warehouse.jobWith(pageOf(['3'], 4, 'b'), pageOf(['4'], 4));
    assert.deepEqual(await collect(pageOf(['1', '2'], 4, 'a'), job), {
      ok: true,
      rows: [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }],
    });
  });

  test('refuses more rows than allowed before reading them, and when more come than were told', async () => {
    const told = await collect(pageOf(['1'], 5, 'a'));
    assert.equal(!told.ok && told.code, 'result-too-large');
    const untold = await collect(pageOf(['1', '2', '3', '4', '5'], 4));
    assert.equal(!untold.ok && untold.code, 'result-too-large');
  });

  test('refuses a list that is shorter than was told: a page got lost', async () => {
    const cut = await collect(pageOf(['1', '2'], 4));
    assert.equal(!cut.ok && cut.code, 'bad-result');
  });

  test('refuses a list that is longer than was told as soon as it is', async () => {
    const job = warehouse.jobWith(pageOf(['1', '2'], 3, 'a'), pageOf(['1', '2'], 3, 'a'));
    const collected = await collect(pageOf(['1', '2'], 3, 'a'), job);
    assert.equal(!collected.ok && collected.code, 'bad-result');
    assert.match(collected.ok ? '' : collected.detail, /more than the 3 rows/);
  });

  test('refuses a row that does not fit, and says where', async () => {
    const unfit = await collect(pageOf(['1', null], 2));
    assert.ok(!unfit.ok && unfit.code === 'bad-result');
    assert.match(unfit.detail, /row 1, n/);
    const job = warehouse.jobWith(pageOf([null], 3));
    const later = await collect(pageOf(['1', '2'], 3, 'a'), job);
    assert.match(later.ok ? '' : later.detail, /row 2, n/);
  });

  test('applies the transform to checked rows, and checks what it gives', async () => {
    const double = queryWith({
      transform: (rows: { n: number }[]) => rows.map(({ n }) => ({ n: n * 2 })),
    });
    assert.deepEqual(await collect(pageOf(['1'], 1), warehouse.jobWith(), double), {
      ok: true,
      rows: [{ n: 2 }],
    });
    const spoil = queryWith({ transform: () => [{ n: 0.5 }] });
    const spoilt = await collect(pageOf(['1'], 1), warehouse.jobWith(), spoil);
    assert.equal(!spoilt.ok && spoilt.code, 'bad-result');
  });

  test('rejects when a page cannot be read', async () => {
    await assert.rejects(collect(pageOf(['1'], 2, 'a')), /no such page/);
  });
});
