import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { measureOf } from '../../bench/measure/measure.ts';
import type { Result } from '../../bench/result.ts';
import { isMet } from '../../bench/scenario.ts';
import { tableOf } from '../../bench/table.ts';

const figure = { what: 'time', unit: 'ms', bound: 'at most', promised: 10, measured: 12 } as const;

const result: Result = {
  at: '2026-11-20T10:00:00.000Z',
  quick: false,
  code: { commit: 'abc1234567', changed: false },
  machine: { cpu: 'a CPU', cores: 2, memoryGiB: 8, platform: 'linux', node: 'v24.0.0' },
  loadBefore: 0.1,
  loadAfter: 1.5,
  scenarios: [
    {
      name: 'one',
      question: 'How long?',
      measures: [measureOf('time', 'ms', [1, 2, 300])],
      figures: [figure],
      remarks: [{ remark: 'It was measured.' }],
    },
    { name: 'two', question: 'How many?', failed: 'nobody answered' },
  ],
};

describe('the table', () => {
  test('a kept promise and a broken one are told apart, at the bound too', () => {
    assert.equal(isMet(figure), false);
    assert.equal(isMet({ ...figure, measured: 10 }), true);
    assert.equal(isMet({ ...figure, bound: 'at least', measured: 10 }), true);
    assert.equal(isMet({ ...figure, bound: 'at least', measured: 9 }), false);
  });

  test('losses and failures stand in it as plainly as the rest', () => {
    const table = tableOf(result);
    assert.match(table, /time   \|\s+ms \| at most 10.0 \|\s+12.0 \|\s+NO \|/);
    assert.match(table, /time\s+\|\s+ms \|\s+3 \|\s+1.00 \|\s+2.00 \|/);
    assert.match(table, /FAILED: nobody answered/);
    assert.doesNotMatch(table, /busy|quick run/);
  });

  test('numbers of a busy machine or a quick run say so', () => {
    assert.match(tableOf({ ...result, loadBefore: 1.5 }), /busy/);
    assert.match(tableOf({ ...result, quick: true }), /quick run/);
  });

  test('all rows of a table are equally wide', () => {
    const rows = tableOf(result).match(/^\|.*\|$/gm) ?? [];
    assert.equal(rows.length, 6);
    const [measured, figures] = [rows.slice(0, 3), rows.slice(3)];
    for (const group of [measured, figures])
      assert.equal(new Set(group.map((row) => row.length)).size, 1);
  });
});
