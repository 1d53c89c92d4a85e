import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRepeatGuard } from '../../shared/repeat-guard.ts';

describe('a repeat guard', () => {
  test('lets a key through once in its time and tells how many it held back', () => {
    const { guard, passed, clock } = guardWithClock();
    for (const at of [0, 1, 999]) guard('a', at);
    assert.deepEqual(passed, ['a 0']);
    guard('a', 1_000);
    assert.deepEqual(passed, ['a 0', 'a 2']);
    guard('a', 2_000);
    assert.deepEqual(passed, ['a 0', 'a 2', 'a 0']);
    assert.equal(clock.now, 2_000);
  });

  test('judges every key by itself', () => {
    const { guard, passed } = guardWithClock();
    for (const key of ['a', 'b', 'a', 'b']) guard(key, 0);
    assert.deepEqual(passed, ['a 0', 'b 0']);
  });

  test('goes on letting through when keys are many', () => {
    const { guard, passed } = guardWithClock();
    for (let index = 0; index < 1_000; index++) guard(`key-${index}`, 0);
    assert.equal(passed.length, 1_000);
  });
});

function guardWithClock() {
  const clock = { now: 0 };
  const passed: string[] = [];
  const pass = createRepeatGuard(1_000, () => clock.now);
  const guard = (key: string, at: number) => {
    clock.now = at;
    pass(key, (held) => passed.push(`${key} ${held}`));
  };
  return { guard, passed, clock };
}
