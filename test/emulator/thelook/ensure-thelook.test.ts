import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test, type TestContext } from 'node:test';
import { ensureThelook } from '../../../emulator/thelook/ensure-thelook.ts';
import { checksum, withDataset } from './dataset.ts';

const TABLE_FILES = [
  'distribution_centers.parquet',
  'events.parquet',
  'inventory_items.parquet',
  'order_items.parquet',
  'orders.parquet',
  'products.parquet',
  'users.parquet',
];

describe('making thelook_ecommerce', () => {
  test('writes one Parquet file per table and reports what it does', async (t) => {
    const dataDir = await emptyFolder(t);
    const lines: string[] = [];
    const { directory } = await ensureThelook({
      dataDir,
      scale: 0.001,
      seed: 7,
      report: (line) => lines.push(line),
    });
    assert.match(directory, /thelook-v\d+-seed7-scale0\.001$/);
    assert.deepEqual((await readdir(directory)).sort(), TABLE_FILES);
    assert.ok(lines.length > 0);
  });

  test('the second call makes nothing', async (t) => {
    const dataDir = await emptyFolder(t);
    const { directory } = await ensureThelook({ dataDir, ...tiny() });
    const made = await stat(join(directory, 'events.parquet'));
    const lines: string[] = [];
    const again = await ensureThelook({ dataDir, ...tiny(), report: (line) => lines.push(line) });
    assert.equal(again.directory, directory);
    assert.deepEqual(lines, []);
    assert.equal((await stat(join(directory, 'events.parquet'))).mtimeMs, made.mtimeMs);
  });

  test('two at once agree on one whole folder and leave nothing else', async (t) => {
    const dataDir = await emptyFolder(t);
    const both = [ensureThelook({ dataDir, ...tiny() }), ensureThelook({ dataDir, ...tiny() })];
    const [one, other] = await Promise.all(both);
    assert.deepEqual(one, other);
    assert.equal((await readdir(dataDir)).length, 1);
    assert.deepEqual((await readdir(one?.directory ?? '')).sort(), TABLE_FILES);
  });

  test('a start that is killed half way leaves nothing that looks finished', async (t) => {
    const dataDir = await emptyFolder(t);
    const url = new URL('../../../emulator/thelook/ensure-thelook.ts', import.meta.url).href;
    const options = JSON.stringify({ dataDir, scale: 0.05, seed: 1 });
    const code = `import { ensureThelook } from ${JSON.stringify(url)};
      await ensureThelook({ ...${options}, report: (line) => console.log(line) });`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const left = await readdir(dataDir);
    assert.equal(left.filter((name) => name.startsWith('thelook')).length, 0);
    const { directory } = await ensureThelook({ dataDir, scale: 0.05, seed: 1, report: () => {} });
    assert.deepEqual((await readdir(directory)).sort(), TABLE_FILES);
  });

  test('unfinished folders of long ago are removed, recent ones are left to their owner', async (t) => {
    const dataDir = await emptyFolder(t);
    const hourAgoSeconds = Date.now() / 1000 - 3700;
    await mkdir(join(dataDir, '.thelook-unfinished-recent'));
    await mkdir(join(dataDir, '.thelook-unfinished-old'));
    await utimes(join(dataDir, '.thelook-unfinished-old'), hourAgoSeconds, hourAgoSeconds);
    await ensureThelook({ dataDir, ...tiny() });
    const left = (await readdir(dataDir)).filter((name) => name.startsWith('.'));
    assert.deepEqual(left, ['.thelook-unfinished-recent']);
  });

  test('a scale that is no positive number or a seed that is no integer is refused and leaves nothing', async (t) => {
    const dataDir = await emptyFolder(t);
    for (const scale of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await assert.rejects(ensureThelook({ dataDir, ...tiny(), scale }), RangeError);
    }
    await assert.rejects(ensureThelook({ dataDir, ...tiny(), seed: 1.5 }), RangeError);
    assert.deepEqual(await readdir(dataDir), []);
  });

  // A change of these rows is a change of FORMAT, or old files would be taken for new ones.
  test('seed 1 makes these very values on every machine', async () => {
    await using dataset = await withDataset({ scale: 0.01, seed: 1, today: '2026-01-01' });
    const digest = createHash('md5')
      .update(await checksum(dataset))
      .digest('hex');
    assert.equal(digest, '3b8f8c867aca446fc8bf2339688ce637');
  });

  test('the same seed makes the same rows, another seed others', async () => {
    await using first = await withDataset({ scale: 0.001, seed: 5 });
    await using again = await withDataset({ scale: 0.001, seed: 5 });
    await using other = await withDataset({ scale: 0.001, seed: 6 });
    assert.equal(await checksum(first), await checksum(again));
    const tables = (await checksum(first)).split('\n');
    const others = (await checksum(other)).split('\n');
    assert.deepEqual(
      tables.filter((table) => others.includes(table)).map((table) => table.split(' ')[0]),
      ['distribution_centers'],
    );
  });
});

function tiny() {
  return { scale: 0.001, seed: 1, report: () => {} };
}

async function emptyFolder(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'ensure-thelook-'));
  t.after(() => rm(directory, { recursive: true }));
  return directory;
}
