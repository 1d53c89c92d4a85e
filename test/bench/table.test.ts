import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { measureOf } from '../../bench/measure/measure.ts';
import { isMet } from '../../bench/scenario.ts';
import { tableOf } from '../../bench/table.ts';
import { sampleMeasure, sampleResult, sampleScenario } from './sample-result.ts';

const figure = { what: 'time', unit: 'ms', bound: 'at most', promised: 10, measured: 12 } as const;

const result = sampleResult(
  {
    name: 'one',
    question: 'How long?',
    measures: [measureOf('time', 'ms', [1, 2, 300])],
    figures: [figure],
    remarks: [{ remark: 'It was measured.' }],
  },
  { name: 'two', question: 'How many?', failed: 'nobody answered' },
);

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

  test('the versions of what is beside, and the governor where there is one, are told', () => {
    assert.match(tableOf(result), /Beside it: nginx 1\.26\.3\./);
    assert.doesNotMatch(tableOf(result), /governor/);
    const machine = { ...result.machine, governor: 'performance' };
    assert.match(tableOf({ ...result, machine }), /frequency governor performance,/);
  });

  test('a scenario without figures has no table of them, and several remarks are a list', () => {
    const remarks = [{ remark: 'One.' }, { remark: 'Two.' }];
    const bare = { name: 'one', question: 'How?', measures: [], figures: [], remarks };
    const table = tableOf(sampleResult(bare));
    assert.doesNotMatch(table, /promised/);
    assert.match(table, /- One\.\n- Two\./);
  });

  test('a bar in a name does not break a table', () => {
    const odd = sampleScenario('x', [sampleMeasure('a|b', 'ms', 1)]);
    assert.match(tableOf(sampleResult(odd)), /\| a\\\|b +\|/);
  });

  test('all rows of a table are equally wide', () => {
    const rows = tableOf(result).match(/^\|.*\|$/gm) ?? [];
    assert.equal(rows.length, 6);
    const [measured, figures] = [rows.slice(0, 3), rows.slice(3)];
    for (const group of [measured, figures])
      assert.equal(new Set(group.map((row) => row.length)).size, 1);
  });
});
