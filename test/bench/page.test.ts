import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { chartOf } from '../../bench/chart/chart-of.ts';
import { readResult } from '../../bench/kept-result.ts';
import { pageWith } from '../../bench/publish/page.ts';
import { pagePath } from '../../bench/publish/publish-baseline.ts';
import { resultsFolder } from '../../bench/result.ts';
import { runEntry } from './run-entry.ts';
import { sampleHit, sampleResult } from './sample-result.ts';
import { temporaryFolder } from './temporary-folder.ts';

async function baseline() {
  const reading = await readResult(join(resultsFolder, 'baseline.json'));
  assert.equal(reading.kind, 'read');
  return reading.result;
}

describe('docs/performance.md', () => {
  test('has the tables of the baseline and no others', async () => {
    const page = await readFile(pagePath, 'utf8');
    assert.equal(
      page,
      pageWith(page, await baseline()),
      'npm run bench:baseline brings it up to date',
    );
  });

  test('shows the chart of the baseline', async () => {
    const chart = await readFile(join(resultsFolder, 'baseline.svg'), 'utf8');
    assert.equal(chart, chartOf(await baseline()), 'npm run bench:baseline draws it');
    assert.ok((await readFile(pagePath, 'utf8')).includes('(../bench/results/baseline.svg)'));
  });
});

describe('bringing the page up to date', () => {
  const marked = [
    'words',
    '<!-- begin figures: from a command -->',
    'old',
    '<!-- end figures -->',
    'words in between, of $1',
    '<!-- begin tables: from a command -->',
    '<!-- end tables -->',
    'last words',
    '',
  ].join('\n');

  test('changes what is between the marks and leaves the words', () => {
    const page = pageWith(marked, sampleResult(sampleHit(900, 1_000)));
    assert.match(page, /^words\n<!-- begin figures: from a command -->\n\n\| figure/);
    assert.match(
      page,
      /\| hit: share of bare node:http \| ratio \| at least 0\.90 \|\s+0\.90 \|\s+yes \|/,
    );
    assert.match(page, /<!-- end figures -->\nwords in between, of \$1\n<!-- begin tables/);
    assert.match(page, /### hit\n\nHow long\?\n/);
    assert.match(page, /\n\n<!-- end tables -->\nlast words\n$/);
    assert.doesNotMatch(page, /\bold\b/);
    assert.equal(pageWith(page, sampleResult(sampleHit(900, 1_000))), page);
  });

  test('needs the marks', () => {
    assert.throws(() => pageWith('words', sampleResult()), /no place for figures/);
  });
});

describe('the baseline command', () => {
  test('refuses what is no baseline, and says why', async () => {
    await using folder = await temporaryFolder();
    const failed = { name: 'two', question: 'How?', failed: 'nobody answered' };
    const quick = await folder.write('quick.json', { ...sampleResult(failed), quick: true });
    const { code, stderr } = await runEntry('baseline.ts', [quick]);
    assert.equal(code, 2);
    assert.match(stderr, /A quick run is no baseline/);
    assert.match(stderr, /scenario two failed/);
    assert.equal((await runEntry('baseline.ts', [])).code, 2);
    assert.equal((await runEntry('baseline.ts', ['--help'])).code, 0);
  });
});
