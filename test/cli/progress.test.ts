import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { progressLine, showProgress } from '../../cli/progress.ts';

const half = { total: 40, flown: 15, skipped: 4, failed: 1 };

test('progress is a bar for who looks on, and counts for everybody', () => {
  assert.equal(progressLine('q', half, false), 'q 20/40, 4 skipped, 1 failed');
  assert.equal(
    progressLine('q', half, true),
    `q ${'█'.repeat(15)}${'░'.repeat(15)} 20/40, 4 skipped, 1 failed`,
  );
  const empty = { total: 0, flown: 0, skipped: 0, failed: 0 };
  assert.match(progressLine('q', empty, true), /^q ░{30} 0\/0/);
});

test('where nobody looks, a line is written for every tenth and no other', async () => {
  const out = Object.assign(new PassThrough(), { isTTY: false }) as unknown as NodeJS.WriteStream;
  {
    await using show = showProgress(false, out as typeof process.stderr);
    show.tell('q', half);
    show.tell('q', half);
    show.tell('q', { ...half, flown: 16 });
    show.tell('q', { ...half, flown: 19 });
  }
  assert.equal(String(out.read()), 'q 20/40, 4 skipped, 1 failed\nq 24/40, 4 skipped, 1 failed\n');
});
