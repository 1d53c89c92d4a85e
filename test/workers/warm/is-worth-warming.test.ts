import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWorthWarming } from '../../../workers/warm/is-worth-warming.ts';

test('what is asked for less than once from run to run is not warmed, however slow it is', () => {
  assert.equal(isWorthWarming({ readsPerRun: 0.99, usualRunMs: 3_600_000 }), false);
  assert.equal(isWorthWarming({ readsPerRun: 1, usualRunMs: 1_000 }), true);
});

test('what is there in a moment is not warmed, however often it is asked for', () => {
  assert.equal(isWorthWarming({ readsPerRun: 1_000_000, usualRunMs: 19 }), false);
  assert.equal(isWorthWarming({ readsPerRun: 1_000_000, usualRunMs: 21 }), true);
});

test('what is asked for seldom must save more', () => {
  assert.equal(isWorthWarming({ readsPerRun: 1, usualRunMs: 60 }), false);
  assert.equal(isWorthWarming({ readsPerRun: 3, usualRunMs: 60 }), true);
});
