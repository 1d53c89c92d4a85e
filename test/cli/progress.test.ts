import assert from 'node:assert/strict';
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

/** A screen that keeps what was written to it. */
function screen(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => written.push(text) };
}

test('where nobody looks, a line is written for every tenth and no other', async () => {
  const out = screen(false);
  {
    await using show = showProgress(false, out);
    show.tell('q', half);
    show.tell('q', half);
    show.tell('q', { ...half, flown: 16 });
    show.tell('q', { ...half, flown: 19 });
  }
  assert.deepEqual(out.written, [
    'q 20/40, 4 skipped, 1 failed\n',
    'q 24/40, 4 skipped, 1 failed\n',
  ]);
});

test('what consists of nothing is told once', async () => {
  const out = screen(false);
  await using show = showProgress(false, out);
  for (let look = 0; look < 3; look++)
    show.tell('q', { total: 0, flown: 0, skipped: 0, failed: 0 });
  assert.equal(out.written.length, 1);
});

test('of several that go on at once each has its own tenths', async () => {
  const out = screen(false);
  await using show = showProgress(false, out);
  for (const name of ['one', 'two', 'one', 'two']) show.tell(name, half);
  assert.equal(out.written.length, 2);
});

test('the line of a terminal is left empty', async () => {
  const out = screen(true);
  {
    await using show = showProgress(false, out);
    show.tell('q', half);
  }
  assert.match(out.written[0] ?? '', /█{15}░{15} 20\/40/);
  assert.equal(out.written.at(-1), '\r\u001B[2K');
});

test('who wants data alone is shown nothing', async () => {
  const out = screen(true);
  {
    await using show = showProgress(true, out);
    show.tell('q', half);
  }
  assert.deepEqual(out.written, []);
});
