import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRetryBudget } from '../../workers/retry-budget.ts';

test('an outage is asked again a few times, and then by its share alone', () => {
  const budget = createRetryBudget({ share: 0.25, most: 2 });
  let retried = 0;
  for (let tries = 0; tries < 100; tries++) {
    budget.earn();
    if (budget.spend()) retried++;
  }
  assert.ok(retried >= 25 && retried <= 27, `${retried}`);
});

test('a long time without trouble saves up no more than its bound', () => {
  const budget = createRetryBudget({ share: 0.5, most: 3 });
  for (let tries = 0; tries < 1_000; tries++) budget.earn();
  assert.deepEqual(
    [1, 2, 3, 4].map(() => budget.spend()),
    [true, true, true, false],
  );
});
