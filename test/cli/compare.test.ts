import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { compareColumns } from '../../cli/diff/compare-columns.ts';
import { compareRows, type Row } from '../../cli/diff/compare-rows.ts';

const columns = ['id', 'name', 'price'];
const rows: readonly Row[] = [
  { id: 1, name: 'a', price: 1.5 },
  { id: 2, name: 'b', price: 2.5 },
  { id: 3, name: 'b', price: null },
];
const nothing = { onlyOld: [], onlyNew: [], changed: [], reordered: false };

describe('rows of two results', () => {
  test('that are equal do not differ, whether digits are numbers or text', () => {
    assert.deepEqual(compareRows(rows, rows, columns), { key: ['id'], ...nothing });
    const asText = rows.map((row) => ({ ...row, id: String(row['id']) }));
    assert.deepEqual(compareRows(rows, asText, columns), { key: ['id'], ...nothing });
    assert.deepEqual(compareRows([], [], columns), { key: ['id'], ...nothing });
  });

  test('are matched by the first columns that are unique in both', () => {
    const next = [{ id: 3, name: 'b', price: 0 }, { id: 1, name: 'x', price: 1.5 }, { id: 9 }];
    assert.deepEqual(compareRows(rows, next, columns), {
      key: ['id'],
      onlyOld: [rows[1]],
      onlyNew: [{ id: 9 }],
      changed: [
        { key: { id: 1 }, cells: { name: { old: 'a', new: 'x' } } },
        { key: { id: 3 }, cells: { price: { old: null, new: 0 } } },
      ],
      reordered: true,
    });
    const doubled = [...rows, { id: 3, name: 'c', price: 7 }];
    const { key, onlyNew } = compareRows(rows, doubled, columns);
    assert.deepEqual([key, onlyNew], [['id', 'name'], [doubled[3]]]);
  });

  test('that no key tells apart are counted against each other', () => {
    const [one, two, three] = rows as [Row, Row, Row];
    const difference = compareRows([one, one, two], [two, one, three, three], columns);
    assert.deepEqual(difference, {
      key: undefined,
      onlyOld: [one],
      onlyNew: [three, three],
      changed: [],
      reordered: false,
    });
    assert.equal(compareRows([one, one, two], [one, two, one], columns).reordered, true);
  });

  test('differ by nothing but what was changed', () => {
    const table = fc.uniqueArray(fc.nat(50), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(table, fc.nat(), fc.constantFrom('drop', 'change', 'add'), (ids, at, what) => {
        const old = ids.map((id) => ({ id, name: `n${id % 3}`, price: id / 2 }));
        const index = at % old.length;
        const victim = old[index];
        assert.ok(victim);
        const next = {
          drop: old.toSpliced(index, 1),
          change: old.with(index, { ...victim, price: -1 }),
          add: old.toSpliced(index, 0, { id: 99, name: 'new', price: 0 }),
        }[what];
        const { onlyOld, onlyNew, changed, reordered } = compareRows(old, next, columns);
        const found = [onlyOld.length, changed.length, onlyNew.length];
        assert.deepEqual(found, { drop: [1, 0, 0], change: [0, 1, 0], add: [0, 0, 1] }[what]);
        assert.equal(reordered, false);
      }),
    );
  });
});

describe('columns of two results', () => {
  test('are added, removed, or of another type in the warehouse or in the declaration', () => {
    const old = {
      columns: [
        { name: 'id', type: 'INT64' },
        { name: 'big', type: 'INT64' },
        { name: 'gone', type: 'STRING' },
        { name: 'kept', type: 'DATE' },
      ],
      declared: {
        id: { type: 'integer' },
        big: { type: 'integer' },
        kept: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      },
    };
    const next = {
      columns: [
        { name: 'kept', type: 'DATE' },
        { name: 'id', type: 'FLOAT64' },
        { name: 'big', type: 'INT64' },
        { name: 'note', type: 'STRING' },
      ],
      declared: { ...old.declared, big: { type: 'string' } },
    };
    assert.deepEqual(compareColumns(old, next), {
      added: [{ name: 'note', type: 'STRING' }],
      removed: [{ name: 'gone', type: 'STRING' }],
      retyped: [
        { name: 'id', old: 'INT64 as integer', new: 'FLOAT64 as integer' },
        { name: 'big', old: 'INT64 as integer', new: 'INT64 as string' },
      ],
      common: ['id', 'big', 'kept'],
    });
  });
});
