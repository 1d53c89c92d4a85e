import assert from 'node:assert/strict';
import type { Row } from './with-warehouse.ts';

/** Asserts that two tables are the same, floats to a billionth part: sums differ in their last digits by their order. */
export function assertRowsEqual(actual: readonly Row[], expected: readonly Row[]): void {
  assert.equal(actual.length, expected.length, 'number of rows');
  for (const [index, row] of expected.entries()) {
    const got = actual[index] ?? {};
    assert.deepEqual(Object.keys(got).sort(), Object.keys(row).sort());
    for (const [name, cell] of Object.entries(row))
      if (!isClose(got[name], cell)) assert.deepEqual(got, row, `row ${index}, ${name}`);
  }
}

function isClose(actual: unknown, expected: unknown): boolean {
  if (typeof actual !== 'number' || typeof expected !== 'number') return actual === expected;
  return Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
}
