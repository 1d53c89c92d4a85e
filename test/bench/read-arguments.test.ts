import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { helpText } from '../../bench/help-text.ts';
import { GUARD_TOLERANCE, readArguments } from '../../bench/read-arguments.ts';
import type { Scenario } from '../../bench/scenario.ts';
import { scenarioList } from '../../bench/scenario-list.ts';

const known = ['start', 'miss', 'hit'].map(
  (name): Scenario => ({
    name,
    question: 'How long?',
    run: () => Promise.reject(new Error('not here')),
  }),
);

describe('the arguments of the bench', () => {
  test('no scenario named means all of them', () => {
    assert.deepEqual(readArguments([], known), {
      kind: 'run',
      scenarios: known,
      quick: false,
      json: false,
      folder: undefined,
      guard: undefined,
    });
  });

  test('named scenarios run once each, in the order of the list', () => {
    const asked = readArguments(['hit', 'start', 'hit', '--quick', '--results=x'], known);
    assert.equal(asked.kind, 'run');
    assert.deepEqual(
      asked.scenarios.map(({ name }) => name),
      ['start', 'hit'],
    );
    assert.equal(asked.quick, true);
    assert.equal(asked.folder, 'x');
  });

  test('a guard has a baseline and a tolerance, the standard ones when they are left out', () => {
    const standard = readArguments(['--guard'], known);
    const guard = { baseline: undefined, tolerance: GUARD_TOLERANCE };
    assert.partialDeepStrictEqual(standard, { kind: 'run', guard });
    const own = readArguments(['--guard', '--baseline=a.json', '--tolerance=0.05'], known);
    assert.partialDeepStrictEqual(own, { guard: { baseline: 'a.json', tolerance: 0.05 } });
  });

  test('every wrong argument is named at once, with what there is', () => {
    const asked = readArguments(['nope', '--fast', '--results=', '--tolerance=-1', 'hit'], known);
    assert.equal(asked.kind, 'wrong');
    assert.equal(asked.problems.length, 5);
    const text = asked.problems.join('\n');
    assert.match(text, /option --fast.*--quick/);
    assert.match(text, /scenario nope; there are start, miss, hit\./);
    assert.match(text, /--tolerance=-1 is no number/);
    assert.match(text, /--tolerance says nothing without --guard/);
  });

  test('the help text asks every scenario’s question', () => {
    const text = helpText(scenarioList);
    for (const { name, question } of scenarioList) {
      assert.ok(text.includes(name));
      assert.match(question, /\?$/);
      assert.ok(text.includes(question));
    }
  });
});
