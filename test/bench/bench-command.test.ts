import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { scenarioList } from '../../bench/scenario-list.ts';
import { type Ended, runEntry } from './run-entry.ts';
import { sampleResult } from './sample-result.ts';
import { temporaryFolder } from './temporary-folder.ts';

function bench(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> {
  return runEntry('main.ts', args, env);
}

describe('the bench command', () => {
  test('an unknown scenario is named with those that there are, and nothing is started', async () => {
    const { code, stdout, stderr } = await bench(['nope']);
    assert.equal(code, 2);
    const names = scenarioList.map(({ name }) => name);
    assert.ok(stderr.includes(`nope; there are ${names.join(', ')}.`));
    assert.equal(stdout, '');
  });

  test('--help lists the scenarios', async () => {
    const { code, stdout } = await bench(['--help']);
    assert.equal(code, 0);
    assert.match(stdout, /cold-home +How long/);
  });

  test('a guard with nothing to compare is told before anything is started', async () => {
    await using folder = await temporaryFolder();
    const baseline = await folder.write('baseline.json', sampleResult());
    const { code, stdout, stderr } = await bench(['miss', '--guard', `--baseline=${baseline}`]);
    assert.equal(code, 2);
    assert.match(stderr, /ratios to bare node:http, or counts, of no scenario/);
    assert.equal(stdout, '');
  });

  test('a quick run measures, keeps its result and leaves nothing behind', async () => {
    await using folder = await temporaryFolder();
    await using temporary = await temporaryFolder();
    const env = { ...process.env, TMPDIR: temporary.path };
    const { code, stdout, stderr } = await bench(
      ['miss', '--quick', '--json', `--results=${folder.path}`],
      env,
    );
    assert.equal(code, 0, stderr);
    const files = await readdir(folder.path);
    const [file = '', chart, ...others] = files.toSorted();
    assert.deepEqual(others, []);
    assert.match(file, /^2\d{3}-\d\d-\d\dT\d{6}-\w+-quick\.json$/);
    assert.equal(chart, file.replace(/json$/, 'svg'));
    const result: unknown = JSON.parse(stdout);
    assert.deepEqual(JSON.parse(await readFile(join(folder.path, file), 'utf8')), result);
    assert.partialDeepStrictEqual(result, {
      quick: true,
      machine: { node: process.version },
      scenarios: [{ name: 'miss', figures: [{ unit: 'ms', promised: 5 }] }],
    });
    assert.deepEqual(await readdir(temporary.path), []);
    assert.deepEqual(await processesIn(temporary.path), []);
  });
});

/** The processes of this machine that work in a folder or carry it in their environment (Linux; elsewhere none). */
async function processesIn(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')),
  );
  return pids.filter((_, index) => environments[index]?.includes(folder));
}
