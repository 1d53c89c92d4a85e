import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { earlyRefreshAt, refreshEarly } from '../../../gateway/ready/early-refresh.ts';
import type { Kept } from '../../../gateway/ready/ready-memory.ts';
import type { FlightJob } from '../../../shared/queue/flight-job.ts';
import { noon } from '../answers.ts';
import { freshPart, readyOf } from './ready-answers.ts';

const freshForMs = 600_000;

describe('an early refresh', () => {
  test('is due in the last part of the fresh time, at another instant for each answer', () => {
    const ready = readyOf(freshPart('a', 60));
    const dueAt = Array.from({ length: 200 }, () => earlyRefreshAt(ready));
    const endsAt = noon - 60_000 + freshForMs;
    for (const at of dueAt)
      assert.ok(at >= endsAt - 0.15 * freshForMs && at <= endsAt - 0.05 * freshForMs);
    assert.ok(new Set(dueAt).size > 100);
  });

  test('waits for the bound of what is seen to be unchanged, which stays fresh without a flight', () => {
    const [one] = [freshPart('a', 60)];
    assert.ok(one.answer.source === 'fresh');
    const { query } = one.part;
    const policy = { ...query.policy, freshAtMostMs: 10 * freshForMs };
    const part = { ...one.part, query: { ...query, policy } };
    const endsAt = noon - 60_000 + 10 * freshForMs;
    const unchanged = { part, answer: { ...one.answer, unchangedAt: noon } };
    const dueAt = earlyRefreshAt(readyOf(unchanged));
    assert.ok(dueAt >= endsAt - 0.15 * freshForMs && dueAt <= endsAt - 0.05 * freshForMs);
    assert.ok(earlyRefreshAt(readyOf({ ...one, part })) < noon + freshForMs);
    // Whoever watched has died, and the entry was read later: it is fresh by time alone.
    const left = { part, answer: { ...one.answer, unchangedAt: noon - 3_600_000 } };
    assert.ok(earlyRefreshAt(readyOf(left)) < noon + freshForMs);
  });

  test('starts once, when the answer is in demand and its time has come', () => {
    const { jobs, ask } = watchRefreshes();
    ask({ given: 9 }, noon);
    ask({ given: 10, refreshAt: noon + 1 }, noon);
    assert.equal(jobs.length, 0);
    const kept = ask({ given: 10, refreshAt: noon }, noon);
    assert.deepEqual(
      jobs.map(({ fingerprint, newerThan }) => [fingerprint, newerThan]),
      [['old', noon - 590_000]],
    );
    ask(kept, noon + 1);
    assert.equal(jobs.length, 1);
  });
});

/** Keeps an answer of a young and an old part, and what is asked for anew. */
function watchRefreshes() {
  const jobs: FlightJob[] = [];
  const flights = { startBehind: (job: FlightJob) => void jobs.push(job) };
  const ready = readyOf(freshPart('young', 0), freshPart('old', 590));
  const ask = (more: Partial<Kept>, now: number): Kept => {
    const counts = { given: 0, asksNoted: 0, keptAtMs: 0, lookedAtMs: 0, generation: 0 };
    const kept = { ready, route: '', ...counts, refreshAt: noon, ...more };
    refreshEarly(flights, kept, { requestId: 'r', now });
    return kept;
  };
  return { jobs, ask };
}
