import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { clientOf } from './with-emulator.ts';

const main = new URL('../../../emulator/main.ts', import.meta.url);

describe('the emulator as a process', () => {
  let dataDir = '';
  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'emulator-process-'));
  });
  after(() => rm(dataDir, { recursive: true }));

  function start(env: Record<string, string>): ChildProcess {
    return fork(main, {
      env: { PATH: process.env['PATH'], DATA_DIR: dataDir, EMULATOR_PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
  }

  async function ready(child: ChildProcess): Promise<{ url: string; progress: string[] }> {
    const progress: string[] = [];
    for (;;) {
      const [message] = await once(child, 'message');
      if (message.ready) return { url: message.addresses.emulator, progress };
      progress.push(message.progress);
    }
  }

  test('it makes its dataset, says so, serves it, and stops on SIGTERM', async () => {
    const child = start({ EMULATOR_SCALE: '0.01', EMULATOR_TODAY: '2026-11-20' });
    const { url, progress } = await ready(child);
    assert.ok(progress.length > 0);
    const bq = clientOf(url, 'some-project');
    const [rows] = await bq.query(
      'SELECT MAX(DATE(created_at)) AS last FROM `bigquery-public-data.thelook_ecommerce.orders`',
    );
    assert.equal(rows[0].last.value, '2026-11-20');
    const [tables] = await bq
      .dataset('thelook_ecommerce', { projectId: 'bigquery-public-data' })
      .getTables();
    assert.equal(tables.length, 7);
    const [estimate] = await bq.createQueryJob({
      query: 'SELECT id, event_type FROM `bigquery-public-data.thelook_ecommerce.events`',
      dryRun: true,
    });
    assert.ok(Number(estimate.metadata.statistics.totalBytesProcessed) > 0);
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });

  test('it stops when its parent lets go, even with a query running', async () => {
    const child = start({ EMULATOR_SCALE: '0' });
    const { url } = await ready(child);
    await clientOf(url, 'some-project').createQueryJob(
      'SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 1000000)) AS a, UNNEST(GENERATE_ARRAY(1, 1000000)) AS b WHERE MOD(a * b, 7) = 3',
    );
    child.disconnect();
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });

  test('wrong settings are all named, and the exit code is 2', async () => {
    const child = start({
      EMULATOR_PORT: 'high',
      EMULATOR_SCALE: '-1',
      EMULATOR_SEED: 'x',
      EMULATOR_TODAY: '2026-02-30',
      EMULATOR_DATA_DIR: join(dataDir, 'missing'),
      LOG_LEVEL: 'loud',
    });
    let text = '';
    child.stderr?.on('data', (chunk) => (text += chunk));
    assert.deepEqual(await once(child, 'close'), [2, null]);
    for (const name of ['PORT', 'SCALE', 'SEED', 'TODAY', 'DATA_DIR'])
      assert.match(text, new RegExp(`EMULATOR_${name}: expected .*, got "`));
    assert.match(text, /LOG_LEVEL: expected .*, got "loud"/);
  });

  test('a port that is taken is told in one sentence, and the exit code is 1', async () => {
    const first = start({ EMULATOR_SCALE: '0' });
    const { url } = await ready(first);
    const second = start({ EMULATOR_SCALE: '0', EMULATOR_PORT: new URL(url).port });
    let text = '';
    second.stderr?.on('data', (chunk) => (text += chunk));
    assert.deepEqual(await once(second, 'close'), [1, null]);
    assert.match(text, /^The emulator cannot start: .*EADDRINUSE.*\n$/);
    first.kill('SIGINT');
    assert.deepEqual(await once(first, 'exit'), [0, null]);
  });
});
