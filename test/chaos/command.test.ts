import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { matrix, notHere } from './matrix.ts';
import { readArguments } from './read-arguments.ts';
import { reportPage } from './report-page.ts';
import type { ReportedRow } from './report.ts';
import { allRows } from './row-list.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

describe('the chaos command', async () => {
  const rows = await allRows();
  const idsOf = (args: readonly string[]) => {
    const asked = readArguments(args, rows);
    return asked.kind === 'run' ? asked.rows.map(({ id }) => id) : asked.kind;
  };

  test('runs every row, the quick ones, all variants of a row, or one', () => {
    assert.equal(idsOf([]).length, rows.length);
    assert.deepEqual(
      idsOf(['--quick']),
      rows.filter(({ quick }) => quick).map(({ id }) => id),
    );
    const named = rows.map(({ id }) => id).filter((id) => /^[KW]1[a-z]?$/.test(id));
    assert.deepEqual(idsOf(['w1', 'K1']), named);
    assert.deepEqual(idsOf(['W1b', '--quick']), ['W1b']);
  });

  test('names every unknown row and flag, with exit code 2', async () => {
    const { code, stderr } = await run(['X9', '--fast']);
    assert.equal(code, 2);
    assert.match(stderr, /Unknown flag --fast/);
    assert.match(stderr, /Unknown row x9/);
  });

  test('lists its rows and explains itself', async () => {
    const list = await run(['--list']);
    assert.equal(list.code, 0);
    for (const { id } of rows) assert.ok(list.stdout.includes(`| ${id} `), id);
    assert.match((await run(['--help'])).stdout, /npm run chaos -- \[row …\]/);
  });

  test('has rows with ids of the matrix, each once', () => {
    const ids = rows.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.ok(id.replace(/[a-z]$/, '') in matrix, id);
  });
});

describe('the page of the report', () => {
  const row: ReportedRow = {
    id: 'W1a',
    title: 'hang',
    injected: 'a hang',
    seconds: 3,
    passed: false,
    figures: { requests: 7, slowestMs: 12 },
    claims: [{ what: 'in time', isMet: false, got: 9 }],
    findings: [{ invariant: 'I1', what: 'late: a | b\nand more' }],
    at: '2026-01-01T00:00:00.000Z',
    commit: 'abc',
  };
  const machine = { cpu: 'c', cores: 2, memoryGiB: 8, platform: 'linux', node: 'v24' };
  const page = reportPage({ machine, rows: [row] });

  test('tells what failed and why, and breaks no table', () => {
    assert.match(page, /0 of 1 rows passed/);
    assert.match(page, /\*\*not kept\*\*: in time \(9\)/);
    assert.match(page, /- \*\*I1\*\*: late: a \/ b$/m);
  });

  test('names what was not run, and what cannot be, with the reason', () => {
    assert.match(page, /\| W2 +\| it hangs after the headers/);
    assert.doesNotMatch(page, /^\| W1 /m);
    for (const [id, why] of Object.entries(notHere))
      assert.ok(page.includes(id) && page.includes(why));
  });
});

function run(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...args], (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}
