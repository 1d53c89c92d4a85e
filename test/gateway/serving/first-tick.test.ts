import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const TICKS = join(import.meta.dirname, 'fixtures', 'ticks.ts');

test('what is kept is a tick, and ticks are of its hidden class after collections', async () => {
  const flags = ['--expose-gc', '--allow-natives-syntax'];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, TICKS]);
  assert.deepEqual(JSON.parse(stdout), {
    keys: ['callback', 'args'],
    same: true,
    given: 'as ever',
  });
});

test('it is kept before anything else is done', async () => {
  const main = join(import.meta.dirname, '..', '..', '..', 'gateway', 'main.ts');
  const [first] = /^import .*$/m.exec(await readFile(main, 'utf8')) ?? [];
  assert.equal(first, "import './serving/first-tick.ts';");
});
