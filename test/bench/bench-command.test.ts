import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../bench/main.ts', import.meta.url));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function bench(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, ...args],
      { env, timeout: 110_000 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
  });
}

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'punctual-test-bench-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

describe('the bench command', () => {
  test('an unknown scenario is named with those that there are, and nothing is started', async () => {
    const { code, stdout, stderr } = await bench(['nope']);
    assert.equal(code, 2);
    assert.match(stderr, /nope; there are start, cold-home, miss, hit/);
    assert.equal(stdout, '');
  });

  test('--help lists the scenarios', async () => {
    const { code, stdout } = await bench(['--help']);
    assert.equal(code, 0);
    assert.match(stdout, /cold-home +How long/);
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
    const [file = '', ...others] = await readdir(folder.path);
    assert.deepEqual(others, []);
    assert.match(file, /^2\d{3}-\d\d-\d\dT\d{6}-\w+-quick\.json$/);
    const result: unknown = JSON.parse(stdout);
    assert.deepEqual(JSON.parse(await readFile(join(folder.path, file), 'utf8')), result);
    assert.partialDeepStrictEqual(result, {
      quick: true,
      machine: { node: process.version },
      scenarios: [{ name: 'miss', figures: [{ unit: 'ms', promised: 10 }] }],
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
