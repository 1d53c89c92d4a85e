import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readResult } from '../../bench/kept-result.ts';
import { resultOf, resultsFolder, saveResult } from '../../bench/result.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('a result that is kept', () => {
  test('says of what machine, code and versions it is, has a chart beside it, and is read back', async () => {
    await using folder = await temporaryFolder();
    const failed = { name: 'one', question: 'How long?', failed: 'nobody answered' };
    const result = await resultOf(true, async () => [failed]);
    assert.equal(result.machine.node, process.version);
    assert.ok(result.machine.cores > 0);
    assert.match(result.versions['express'] ?? '', /^\d+\.\d+\.\d+/);
    const path = await saveResult(result, folder.path);
    assert.match(path, /-quick\.json$/);
    const files = await readdir(folder.path);
    const names = files.map((name) => name.replace(/^[^.]*/, '')).toSorted();
    assert.deepEqual(names, ['.json', '.svg']);
    assert.match(await readFile(path.replace(/json$/, 'svg'), 'utf8'), /^<svg /);
    assert.deepEqual(await readResult(path), { kind: 'read', result });
  });

  test('without versions, as older code kept it, is read too; what was not measured is no number', async () => {
    await using folder = await temporaryFolder();
    const measure = { what: 'x', unit: 'ms', count: 1, least: 1, p50: 1, p95: 1, p99: 1, most: 1 };
    const scenario = { name: 'one', question: 'How?', figures: [], remarks: [] };
    const old = {
      ...(await resultOf(false, async () => [])),
      versions: undefined,
      scenarios: [{ ...scenario, measures: [{ ...measure, p99: Number.NaN }] }],
    };
    const reading = await readResult(await folder.write('old.json', old));
    assert.equal(reading.kind, 'read');
    assert.deepEqual(reading.result.versions, {});
    assert.partialDeepStrictEqual(reading.result.scenarios, [{ measures: [{ p99: Number.NaN }] }]);
  });

  test('is what the baseline is', async () => {
    const reading = await readResult(join(resultsFolder, 'baseline.json'));
    assert.equal(reading.kind, 'read', 'problem' in reading ? reading.problem : '');
    assert.equal(reading.result.quick, false);
  });
});
