import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readCompareArguments } from '../../bench/comparison/read-compare-arguments.ts';
import { runEntry } from './run-entry.ts';
import { sampleHit, sampleMeasure, sampleResult, sampleScenario } from './sample-result.ts';
import { temporaryFolder } from './temporary-folder.ts';

const compare = (...args: readonly string[]) => runEntry('compare.ts', args);

describe('the compare command', () => {
  test('exits with 1 when something is worse than the tolerance, and with 0 when nothing is', async () => {
    await using folder = await temporaryFolder();
    const before = await folder.write('before.json', sampleResult(sampleHit(900, 1_000)));
    const after = await folder.write('after.json', sampleResult(sampleHit(450, 500)));
    const slower = await compare(before, after);
    assert.equal(slower.code, 1, slower.stderr);
    assert.match(slower.stdout, /WORSE/);
    assert.equal((await compare(before, after, '--shares')).code, 0);
    assert.equal((await compare(before, after, '--tolerance=1.5')).code, 0);
    assert.equal((await compare(after, before)).code, 0);
  });

  test('--json gives every number, with the verdict', async () => {
    await using folder = await temporaryFolder();
    const file = await folder.write('one.json', sampleResult(sampleHit(900, 1_000)));
    const { code, stdout } = await compare(file, file, '--json');
    assert.equal(code, 0);
    assert.partialDeepStrictEqual(JSON.parse(stdout), {
      before: { code: { commit: 'abc1234567' } },
      tolerance: 0.1,
      shares: false,
      rows: [{ scenario: 'hit', unit: 'requests/s', before: 900, ratio: 1, verdict: 'same' }],
      onlyBefore: [],
    });
  });

  test('files that are no results, and results with nothing in common, are told with 2', async () => {
    await using folder = await temporaryFolder();
    const hit = await folder.write('hit.json', sampleResult(sampleHit(900, 1_000)));
    const page = sampleScenario('page', [sampleMeasure('page', 'ms', 1)]);
    const other = await folder.write('other.json', sampleResult(page));
    const wrong = await folder.write('wrong.json', { at: 'noon' });
    const both = await compare(`${folder.path}/none.json`, wrong);
    assert.equal(both.code, 2);
    assert.match(both.stderr, /none\.json: ENOENT/);
    assert.match(both.stderr, /wrong\.json: this is no result of the bench: quick/);
    const apart = await compare(hit, other);
    assert.equal(apart.code, 2);
    assert.match(apart.stderr, /nothing in common/);
  });

  test('--help says what is judged', async () => {
    const { code, stdout } = await compare('--help');
    assert.equal(code, 0);
    assert.match(stdout, /<before\.json> <after\.json>.*--tolerance/);
  });
});

describe('the arguments of the compare command', () => {
  test('are two files, and options around them', () => {
    assert.deepEqual(readCompareArguments(['--json', 'a', '--tolerance=0.25', 'b', '--shares']), {
      kind: 'compare',
      before: 'a',
      after: 'b',
      tolerance: 0.25,
      shares: true,
      json: true,
    });
    assert.partialDeepStrictEqual(readCompareArguments(['a', 'b']), { tolerance: 0.1 });
  });

  test('are all named when they are wrong', () => {
    const asked = readCompareArguments(['a', '--tolerance=ten', '--fast']);
    assert.equal(asked.kind, 'wrong');
    assert.match(asked.problems.join('\n'), /option --fast; there are --shares, .*<share>\./);
    assert.match(asked.problems.join('\n'), /--tolerance=ten is no number from 0 to 10/);
    assert.match(asked.problems.join('\n'), /Two result files .*; 1 were named/);
    assert.equal(readCompareArguments(['a', 'b', 'c']).kind, 'wrong');
    assert.equal(readCompareArguments(['a', 'b', '--tolerance=']).kind, 'wrong');
  });
});
