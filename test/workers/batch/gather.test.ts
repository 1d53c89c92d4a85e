import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { createGathering } from '../../../workers/batch/gather.ts';
import { until } from '../../until.ts';

describe('a gathering', () => {
  test('lets those go together who came together, and nobody with another group', async () => {
    const departed: (readonly string[])[] = [];
    const gathering = createGathering<string>(async (riders) => void departed.push(riders));
    for (const rider of ['a1', 'b1', 'a2', 'a3']) gathering.join(rider.charAt(0), rider, 10);
    await until(() => departed.length === 2);
    assert.deepEqual(new Set(departed.map(String)), new Set(['a1,a2,a3', 'b1']));
  });

  test('departs at once when it is full, and does not wait for those who are under way', () => {
    const departed: number[] = [];
    const never = new Promise<void>(() => undefined);
    const gathering = createGathering<number>((riders) => {
      departed.push(...riders);
      return never;
    });
    for (const rider of [1, 2, 3, 4]) gathering.join('a', rider, 2);
    assert.deepEqual(departed, [1, 2, 3, 4]);
  });

  test('does not wait for ever while somebody keeps coming', async () => {
    let departures = 0;
    const gathering = createGathering<number>(async () => void departures++, {
      gapMs: 60_000,
      windowMs: 20,
      longestMs: 40,
      rememberedMs: 0,
    });
    gathering.join('a', 1, 10);
    await until(() => departures === 1);
  });

  test('keeps nobody waiting because others have gone alone before', async () => {
    const departed: number[] = [];
    const gathering = createGathering<number>(async (riders) => void departed.push(...riders), {
      gapMs: 1,
      windowMs: 60_000,
      longestMs: 60_000,
      rememberedMs: 60_000,
    });
    // Were each remembered, the last one would wait for a minute.
    for (const rider of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      gathering.join('a', rider, 10);
      await until(() => departed.length === rider);
    }
  });

  test('lets everybody depart once, in whatever order they come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        async (groups, most) => {
          const departed: number[] = [];
          const gathering = createGathering<number>(
            async (riders) => void departed.push(...riders),
          );
          for (const [rider, group] of groups.entries()) gathering.join(String(group), rider, most);
          await until(() => departed.length === groups.length);
          assert.deepEqual(
            departed.toSorted((a, b) => a - b),
            [...groups.keys()],
          );
        },
      ),
      { numRuns: 30 },
    );
  });
});
