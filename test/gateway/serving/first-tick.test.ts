import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
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
