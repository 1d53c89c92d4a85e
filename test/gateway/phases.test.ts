import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Phase, startPhases } from '../../gateway/http/phases.ts';

const read = (text: string) =>
  Object.fromEntries(
    text.split(', ').map((one) => {
      const [name = '', dur = ''] = one.split(';dur=');
      return [name, Number(dur)];
    }),
  );

describe('Server-Timing', () => {
  test('has every phase that took time, and they add up to the total', () => {
    let nowMs = 0;
    const phases = startPhases(() => nowMs);
    const spend = (ms: number, next: Phase) => {
      nowMs += ms;
      phases.enter(next);
    };
    spend(1, 'redis');
    spend(2, 'queue');
    phases.noteFlight({ ranMs: 70, encodeMs: 5 });
    spend(100, 'compose');
    nowMs += 3;
    assert.deepEqual(read(phases.tell()), {
      memory: 1,
      redis: 2,
      queue: 30,
      run: 65,
      encode: 5,
      compose: 3,
      total: 106,
    });
  });

  test('adds up whatever was heard of the flight', () => {
    const ms = fc.double({ min: 0, max: 20_000, noNaN: true });
    const steps = fc.array(fc.tuple(ms, fc.constantFrom('memory', 'redis', 'queue', 'compose')));
    const flight = fc.option(
      fc.record({
        ranMs: fc.option(ms, { nil: undefined }),
        encodeMs: fc.option(ms, { nil: undefined }),
      }),
      { nil: undefined },
    );
    fc.assert(
      fc.property(steps, flight, (all, landing) => {
        let nowMs = 0;
        const phases = startPhases(() => nowMs);
        phases.noteFlight(landing);
        for (const [spentMs, next] of all) {
          nowMs += spentMs;
          phases.enter(next);
        }
        const { total = Number.NaN, ...parts } = read(phases.tell());
        const sum = Object.values(parts).reduce((one, other) => one + other, 0);
        assert.ok(Math.abs(total - nowMs) < 0.01, `${total} of ${nowMs}`);
        assert.ok(Math.abs(sum - total) < 0.01, `${sum} of ${total}`);
        assert.ok(Object.values(parts).every((value) => value >= 0));
      }),
    );
  });
});
