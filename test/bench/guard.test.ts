import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Guard, openGuard } from '../../bench/guard.ts';
import type { KeptResult } from '../../bench/kept-result.ts';
import { sampleHit, sampleMeasure, sampleResult, sampleScenario } from './sample-result.ts';
import { temporaryFolder } from './temporary-folder.ts';

const page = sampleScenario('page', [sampleMeasure('page', 'ms', 10)]);
const slowPage = sampleScenario('page', [sampleMeasure('page', 'ms', 1_000)]);

function runOf(...names: readonly string[]) {
  const run = () => Promise.reject(new Error('not here'));
  return { quick: false, scenarios: names.map((name) => ({ name, question: 'How?', run })) };
}

async function guardOf(baseline: KeptResult, tolerance = 0.2): Promise<Guard> {
  await using folder = await temporaryFolder();
  const file = await folder.write('baseline.json', baseline);
  const opened = await openGuard({ baseline: file, tolerance }, runOf('hit', 'page'));
  assert.equal(opened.kind, 'open', 'problem' in opened ? opened.problem : '');
  return opened.guard;
}

describe('the guard', () => {
  test('holds on a machine of another speed, whatever times became of it', async () => {
    const guard = await guardOf(sampleResult(sampleHit(900, 1_000), page));
    const { holds, text } = guard.judge(sampleResult(sampleHit(90, 100), slowPage));
    assert.equal(holds, true, text);
    assert.match(text, /# Guard: holds/);
    assert.doesNotMatch(text, /## page/);
  });

  test('does not hold when the share of the bare server shrank beyond the tolerance', async () => {
    const baseline = sampleResult(sampleHit(900, 1_000));
    const result = sampleResult(sampleHit(6_000, 10_000));
    const { holds, text } = (await guardOf(baseline)).judge(result);
    assert.equal(holds, false);
    assert.match(text, /DOES NOT HOLD/);
    assert.match(text, /a fresh page, 32 at once: 0\.90 → 0\.60 requests\/s \/ bare, 0\.67 times/);
    assert.equal((await guardOf(baseline, 0.6)).judge(result).holds, true);
  });

  test('does not hold when a ratio is no longer measured, or its scenario fails', async () => {
    const guard = await guardOf(sampleResult(sampleHit(900, 1_000)));
    const renamed = guard.judge(sampleResult(sampleScenario('hit', [])));
    assert.equal(renamed.holds, false);
    assert.match(renamed.text, /a new baseline is due/);
    const failed = { name: 'hit', question: 'How fast?', failed: 'nobody answered' };
    assert.equal(guard.judge(sampleResult(failed)).holds, false);
  });

  test('says before the run that it has nothing to compare', async () => {
    await using folder = await temporaryFolder();
    const setting = { baseline: await folder.write('a.json', sampleResult(page)), tolerance: 0.2 };
    const none = await openGuard(setting, runOf('page'));
    assert.equal(none.kind, 'wrong');
    assert.match(none.problem, /of no scenario/);
    const hit = await folder.write('b.json', sampleResult(sampleHit(900, 1_000), page));
    const other = await openGuard({ baseline: hit, tolerance: 0.2 }, runOf('page'));
    assert.equal(other.kind, 'wrong');
    assert.match(other.problem, /only of hit\./);
    const missing = await openGuard({ baseline: `${hit}.no`, tolerance: 0.2 }, runOf('hit'));
    assert.equal(missing.kind, 'wrong');
  });

  test('does not hold a quick run against one that is not', async () => {
    await using folder = await temporaryFolder();
    const baseline = await folder.write('a.json', sampleResult(sampleHit(900, 1_000)));
    const opened = await openGuard({ baseline, tolerance: 0.2 }, { ...runOf('hit'), quick: true });
    assert.equal(opened.kind, 'wrong');
    assert.match(opened.problem, /a\.json is no quick run, and this would be a quick one/);
  });
});
