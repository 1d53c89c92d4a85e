import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policySchema } from '../../shared/catalog/policy.ts';
import { isTimeForAnother } from '../../workers/run-query.ts';
import { crewQuery } from './flight-crew.ts';

for (const [timeoutMs, leastMs] of [
  [15_000, 3_000],
  [30_000, 3_000],
  [1_000, 200],
] as const)
  test(`a query of ${timeoutMs} ms is run again while ${leastMs} are left`, () => {
    const query = { ...crewQuery('plain'), policy: { ...policySchema.parse({}), timeoutMs } };
    assert.equal(isTimeForAnother(query, leastMs), true);
    assert.equal(isTimeForAnother(query, leastMs - 1), false);
  });
