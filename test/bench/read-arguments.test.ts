import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { helpText } from '../../bench/help-text.ts';
import { readArguments } from '../../bench/read-arguments.ts';
import { scenarioList } from '../../bench/scenario-list.ts';

describe('the arguments of the bench', () => {
  test('no scenario named means all of them', () => {
    const asked = readArguments([], scenarioList);
    assert.deepEqual(asked, {
      kind: 'run',
      scenarios: scenarioList,
      quick: false,
      json: false,
      folder: undefined,
    });
  });

  test('named scenarios run once each, in the order of the list', () => {
    const asked = readArguments(['hit', 'start', 'hit', '--quick', '--results=x'], scenarioList);
    assert.equal(asked.kind, 'run');
    assert.deepEqual(
      asked.scenarios.map(({ name }) => name),
      ['start', 'hit'],
    );
    assert.equal(asked.quick, true);
    assert.equal(asked.folder, 'x');
  });

  test('every wrong argument is named at once, with what there is', () => {
    const asked = readArguments(['nope', '--fast', '--results=', 'hit'], scenarioList);
    assert.equal(asked.kind, 'wrong');
    assert.equal(asked.problems.length, 3);
    assert.match(asked.problems.join('\n'), /option --fast.*--quick/);
    assert.match(asked.problems.join('\n'), /scenario nope; there are start, cold-home, miss, hit/);
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
