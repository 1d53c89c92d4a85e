import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const reporter = fileURLToPath(new URL('../reporter.ts', import.meta.url));
const heading =
  "import { describe, test } from 'node:test';\nimport assert from 'node:assert/strict';\n";

describe('the reporter', () => {
  test('ends with the counts of leaf tests, not of the suites and tests around them', async () => {
    const run = await runTests({
      'a.test.ts':
        "describe('s', () => { test('one', () => {}); test('two', () => {}); });\n" +
        "test('outer', async (t) => { await t.test('inner', () => {}); });",
    });
    assert.equal(run.lastLine, '3 passed, 0 failed');
    assert.equal(run.code, 0);
    assert.match(run.output, /✓ s › one/);
  });

  test('counts what is skipped or still to do apart, and only when there is any', async () => {
    const run = await runTests({
      'a.test.ts':
        "test('one', () => {});\ntest('two', { skip: true }, () => {});\n" +
        "test('three', { todo: true }, () => { throw new Error('later'); });",
    });
    assert.equal(run.lastLine, '1 passed, 0 failed, 2 skipped');
    assert.equal(run.code, 0);
  });

  test('shows the difference and the place of a failure, and what the file printed', async () => {
    const run = await runTests({
      'a.test.ts':
        "test('equal', () => { console.log('before it'); assert.deepEqual({ a: 1 }, { a: 2 }); });",
    });
    assert.equal(run.lastLine, '0 passed, 1 failed');
    assert.equal(run.code, 1);
    assert.match(run.output, /\+ {3}a: 1\n\s+- {3}a: 2/);
    assert.match(run.output, /a\.test\.ts:3:\d+/);
    assert.match(run.output, /before it/);
    assert.match(run.output, /Failed:\n {2}a\.test\.ts: equal\n/);
  });

  test('counts a parent that fails by itself, and not one that fails by its children', async () => {
    const run = await runTests({
      'a.test.ts':
        "test('by itself', async (t) => { await t.test('fine', () => {}); throw new Error('own'); });\n" +
        "test('by child', async (t) => { await t.test('bad', () => { throw new Error('x'); }); });",
    });
    assert.equal(run.lastLine, '1 passed, 2 failed');
  });

  test('counts a file that crashes as failed, whatever passed in it', async () => {
    const run = await runTests({
      'a.test.ts': "test('fine', () => {});\nprocess.on('exit', () => { process.exitCode = 3; });",
      'b.test.ts': "import './missing.ts';",
      'c.test.ts': 'const nothing = 1;',
    });
    assert.equal(run.lastLine, '1 passed, 2 failed');
    assert.equal(run.code, 1);
    assert.match(run.output, /Cannot find module/);
  });
});

async function runTests(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'punctual-reporter-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(folder, name), `${heading}${content}\n`);
    }
    const { code, output } = await runNode(folder, Object.keys(files));
    return { code, output, lastLine: output.trimEnd().split('\n').at(-1) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function runNode(cwd: string, files: string[]): Promise<{ code: number; output: string }> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const args = ['--test', `--test-reporter=${reporter}`, ...files];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env }, (error, stdout) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout });
    });
  });
}
