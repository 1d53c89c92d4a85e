import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readArguments } from '../read-arguments.ts';
import { reportPage } from '../report-page.ts';
import { openHistory, type Line } from './history.ts';
import { linesAround } from './check-history.ts';
import { type Bout, kinds, scheduleOf } from './schedule.ts';
import { placeOf } from './soak-fault.ts';
import { summaryOf } from './summary.ts';

function bouts(seed: number, count: number): Bout[] {
  const list: Bout[] = [];
  for (const bout of scheduleOf(seed)) {
    if (list.length === count) break;
    list.push(bout);
  }
  return list;
}

describe('the schedule of a soak', () => {
  test('is the same for the same seed, and another for another', () => {
    assert.deepEqual(bouts(7, 50), bouts(7, 50));
    assert.notDeepEqual(bouts(7, 50), bouts(8, 50));
  });

  test('has every kind of fault before any comes a third time', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const struck = bouts(seed, kinds.length * 2).flatMap(({ blows }) => blows);
      assert.deepEqual(new Set(struck.map(({ harm }) => harm.kind)), new Set(kinds));
    }
  });

  test('never has more than two faults at a time, nor two in one place', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      for (const { blows, quietMs } of bouts(seed, 200)) {
        assert.ok(blows.length === 1 || blows.length === 2);
        const [first, second] = blows;
        assert.ok(first?.atMs === 0 && quietMs >= 6_000);
        if (second === undefined) continue;
        assert.ok(second.atMs <= first.forMs);
        assert.notEqual(placeOf(second.harm), placeOf(first.harm));
      }
    }
  });
});

describe('a soak', () => {
  test('is asked for with a seed and minutes, and says what it does not understand', () => {
    assert.deepEqual(readArguments(['soak', '--seed=7', '--minutes=1.5', '--quick'], []), {
      kind: 'soak',
      soak: { seed: 7, minutes: 1.5, isQuick: true },
    });
    assert.deepEqual(readArguments(['soak'], []), {
      kind: 'soak',
      soak: { seed: undefined, minutes: 10, isQuick: false },
    });
    const wrong = readArguments(['soak', '--seed=x', '--minutes=0', 'W1'], []);
    assert.equal(wrong.kind === 'wrong' && wrong.problems.length, 3);
  });

  test('writes its history as it happens, a line of JSON each', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'punctual-soak-'));
    const path = join(folder, 'deep', 'history.jsonl');
    const lines: Line[] = [
      { type: 'start', at: 1, seed: 7, minutes: 1 },
      { type: 'sent', at: 2, load: 'hits', count: 0 },
    ];
    {
      await using history = await openHistory(path);
      for (const line of lines) history.add(line);
      assert.deepEqual(history.lines, lines);
    }
    const written = (await readFile(path, 'utf8')).trim().split('\n');
    assert.deepEqual(
      written.map((text) => JSON.parse(text) as unknown),
      lines,
    );
    await rm(folder, { recursive: true });
  });

  test('shows the lines around a violation by their time', () => {
    const lines: Line[] = Array.from({ length: 100 }, (_, number) => ({
      type: 'sent' as const,
      at: 100 - number,
      load: 'hits',
      count: number,
    }));
    const around = linesAround(lines, 50).map(({ at }) => at);
    assert.deepEqual(
      around,
      Array.from({ length: 20 }, (_, number) => 40 + number),
    );
    assert.equal(linesAround(lines, 1_000).length, 10);
  });

  test('is summed up by outcomes, faults and verdict', () => {
    const lines: Line[] = [
      { type: 'start', at: 0, seed: 7, minutes: 1 },
      {
        type: 'request',
        at: 1,
        load: 'hits',
        number: 0,
        path: '/',
        dueMs: 1,
        outcome: 'fresh',
        lastByteMs: 12.4,
      },
      { type: 'request', at: 2, load: 'hits', number: 1, path: '/', dueMs: 1, broken: 'left' },
      {
        type: 'fault',
        at: 3,
        number: 1,
        phase: 'begins',
        harm: { kind: 'store-cut', store: 'queue' },
      },
    ];
    const summary = summaryOf(lines, [{ at: 1, invariant: 'I1', what: 'late' }]);
    const machine = { cpu: 'c', cores: 2, memoryGiB: 8, platform: 'linux', node: 'v24' };
    const soak = { ...summary, at: '2026-01-01T00:00:00.000Z', commit: 'abc' };
    const page = reportPage({ machine, rows: [], soak });
    assert.match(page, /^## Soak$/m);
    assert.match(page, /2026-01-01, commit abc; `npm run chaos -- soak --seed=7 --minutes=1`/);
    assert.match(page, /Seed 7, 1 minutes: 1 violations/);
    assert.match(page, /2 requests, the slowest answer after 12 ms: fresh 1, left 1/);
    assert.match(page, /1 faults: store-cut 1/);
    assert.match(page, /\*\*violated\*\*: I1: late/);
  });
});
