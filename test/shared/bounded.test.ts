import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { TimeoutError } from 'p-timeout';
import { bounded } from '../../shared/bounded.ts';

describe('a bounded wait', () => {
  test('gives what the call gives, and what it throws', async () => {
    assert.equal(await bounded(Promise.resolve(1), 1_000, 'one'), 1);
    await assert.rejects(bounded(Promise.reject(new Error('no')), 1_000, 'one'), /no/);
  });

  test('ends with a TimeoutError that says what was awaited, and not sooner', async () => {
    const startedMs = performance.now();
    await assert.rejects(bounded(new Promise(() => undefined), 100, 'nothing'), (error) => {
      assert.ok(error instanceof TimeoutError);
      assert.equal(error.message, 'nothing: no answer within 100 ms');
      return true;
    });
    // A timer may be a millisecond early, and there are four.
    assert.ok(performance.now() - startedMs >= 95);
  });

  test('a process that was busy for longer than the bound waits on', async () => {
    const answer = Promise.withResolvers<string>();
    const waiting = bounded(answer.promise, 40, 'an answer');
    for (let count = 0; count < 2; count += 1) {
      standStill(60);
      await turn();
    }
    answer.resolve('there all the time');
    assert.equal(await waiting, 'there all the time');
  });
});

function standStill(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}
