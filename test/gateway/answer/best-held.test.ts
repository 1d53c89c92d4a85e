import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Answer } from '../../../gateway/answer/answer.ts';
import { bestHeld } from '../../../gateway/answer/best-held.ts';
import type { FallbackSource, Part } from '../../../gateway/answer/part.ts';
import type { Preferences } from '../../../gateway/http/request-preferences.ts';
import type { Query } from '../../../shared/catalog/catalog.ts';
import { policySchema } from '../../../shared/catalog/policy.ts';
import type { Entry, StaleBound } from '../../../shared/entry/entry.ts';
import { makeEntry } from '../../shared/entry/make-entry.ts';

const MINUTE_MS = 60_000;
const now = 1_763_683_200_000;
const policy = policySchema.parse({
  freshFor: '1m',
  staleForClosed: '10m',
  staleForOpen: '20m',
  staleFor: '30m',
});
const shortfall = { reason: 'timeout', code: 'timeout', detail: 'too late' } as const;
const other = makeEntry({ asOf: now - 29 * MINUTE_MS });
const query = { name: 'q', policy } as Query;
const constant = (rowCount: number): FallbackSource => ({
  kind: 'rows',
  rows: Buffer.from('[constant]'),
  rowCount,
});
const another: FallbackSource = { kind: 'entry', fingerprint: other.fingerprint, query };

describe('the best that is held', () => {
  const upTo: Record<StaleBound, number> = { closed: 10, open: 20, cap: 30 };
  for (const bound of ['closed', 'open', 'cap'] as const)
    test(`is the entry up to the bound in force, then a fallback: ${bound}`, () => {
      assert.equal(sourceAt(upTo[bound] - 1, [constant(1)], { bound }), 'stale');
      assert.equal(sourceAt(upTo[bound], [constant(1)], { bound }), 'fallback');
    });

  test('is the entry up to its hard cap where no fallback has rows', () => {
    assert.equal(sourceAt(29, []), 'stale');
    assert.equal(sourceAt(29, [constant(0)]), 'stale');
    assert.equal(sourceAt(30, []), 'none');
    assert.equal(sourceAt(30, [constant(0)]), 'fallback');
  });

  test('is the first fallback that has rows, with its own age', () => {
    const answer = held(15, [constant(0), another, constant(1)]);
    assert.equal(answer.source === 'fallback' && answer.asOf, other.asOf);
    const gone = held(15, [another, constant(1)], { later: 2 * MINUTE_MS });
    assert.deepEqual(gone.source === 'fallback' && [gone.asOf, String(gone.rows)], [
      undefined,
      '[constant]',
    ]);
  });

  test('is nothing old for a caller who would rather have an error', () => {
    assert.equal(sourceAt(5, [constant(1)], { maxStaleMs: 0 }), 'none');
    assert.equal(sourceAt(5, [constant(1)], { maxStaleMs: 4 * MINUTE_MS }), 'stale');
    assert.equal(sourceAt(5, [constant(1)], { maxStaleMs: 3 * MINUTE_MS }), 'fallback');
  });

  test('is an entry of the previous version in the same bounds, and nobody takes that for fresh', () => {
    const isPrevious = true;
    assert.equal(sourceAt(9, [constant(1)], { isPrevious }), 'stale');
    assert.equal(sourceAt(10, [constant(1)], { isPrevious }), 'fallback');
    const answer = held(0, [], { isPrevious });
    assert.deepEqual(answer.source === 'stale' && [answer.isPrevious, answer.reason], [
      true,
      'timeout',
    ]);
    assert.equal(sourceAt(0, [], { isPrevious, maxStaleMs: 0 }), 'none');
    // As old as it is, and not as long as it has been past a bound that was never its own.
    assert.equal(sourceAt(3, [], { isPrevious, maxStaleMs: 2.5 * MINUTE_MS }), 'none');
    assert.equal(sourceAt(3, [], { maxStaleMs: 2.5 * MINUTE_MS }), 'stale');
  });

  test('is always something while there is an entry within its cap or a fallback', () => {
    const fallback = fc.constantFrom(constant(0), constant(1), another);
    fc.assert(
      fc.property(
        fc.integer({ min: -10, max: 60 }),
        fc.array(fallback, { maxLength: 3 }),
        fc.constantFrom<StaleBound>('closed', 'open', 'cap'),
        (ageMinutes, fallbacks, bound) => {
          const some = ageMinutes < 30 || fallbacks.length > 0;
          assert.equal(sourceAt(ageMinutes, fallbacks, { bound }) !== 'none', some);
        },
      ),
    );
  });
});

interface Circumstances {
  readonly bound?: StaleBound;
  readonly maxStaleMs?: number;
  readonly later?: number;
  readonly isPrevious?: boolean;
}

function sourceAt(ageMinutes: number, fallbacks: FallbackSource[], about?: Circumstances) {
  return held(ageMinutes, fallbacks, about).source;
}

function held(
  ageMinutes: number,
  fallbacks: readonly FallbackSource[],
  {
    bound,
    maxStaleMs = Number.POSITIVE_INFINITY,
    later = 0,
    isPrevious = false,
  }: Circumstances = {},
): Answer {
  const entry: Entry = makeEntry({ asOf: now - ageMinutes * MINUTE_MS });
  const part = { query, fallbacks } as unknown as Part;
  const others = new Map([[other.fingerprint, other]]);
  const holdings = { entry, isPrevious, others, storeDown: false };
  const preferences = { maxStaleMs } as Preferences;
  return bestHeld(part, holdings, shortfall, preferences, now + later, bound);
}
