import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertRowsEqual } from '../catalog/assert-rows-equal.ts';
import type { Row } from '../catalog/with-warehouse.ts';
import { expectedFlights, percentileRanks } from './expected-flights.ts';
import { type Example, withExample } from './with-example.ts';

let example: Example;
before(async () => {
  example = await withExample('flights', { table: 'flights', file: 'flights-3m.parquet' });
});
after(async () => {
  await example[Symbol.asyncDispose]();
});

for (const origin of [null, 'ORD'])
  describe(`three million flights, ${origin === null ? 'all' : `those from ${origin}`}`, () => {
    test('by hour of departure', async () => {
      const rows = await example.ask('flights-delay-by-hour', { origin });
      assert.ok(rows.length >= 20);
      assertRowsEqual(
        rows.map(withoutPercentiles),
        await expectedFlights(example, origin).byHour(),
      );
    });

    test('by hour of departure: percentiles are right to one part in a hundred', async () => {
      const rows = await example.ask('flights-delay-by-hour', { origin });
      for (const rank of await percentileRanks(example, origin, rows)) {
        const flights = Number(rows.find(({ hour }) => hour === rank['hour'])?.['flights']);
        const slack = 0.01 + 1 / flights;
        assertAround(rank['belowMedian'], rank['notAboveMedian'], 0.5, slack);
        assertAround(rank['belowP90'], rank['notAboveP90'], 0.9, slack);
      }
    });

    test('by distance', async () => {
      const rows = await example.ask('flights-delay-by-distance', { origin });
      assert.ok(rows.length >= 5);
      assertRowsEqual(rows, await expectedFlights(example, origin).byDistance());
    });

    test('the worst days', async () => {
      const rows = await example.ask('flights-worst-days', { origin, limit: 25 });
      assert.equal(rows.length, 25);
      assertRowsEqual(rows, await expectedFlights(example, origin).worstDays(25));
    });

    test('the worst routes', async () => {
      const rows = await example.ask('flights-worst-routes', {
        origin,
        minFlights: 50,
        limit: 40,
      });
      assert.equal(rows.length, 40);
      assertRowsEqual(rows, await expectedFlights(example, origin).worstRoutes(50, 40));
    });
  });

test('an endpoint puts the questions side by side', async () => {
  const { data } = await example.get('/flights/delays?origin=ATL&limit=3');
  const expected = expectedFlights(example, 'ATL');
  assertRowsEqual((data['byHour'] ?? []).map(withoutPercentiles), await expected.byHour());
  assertRowsEqual(data['byDistance'] ?? [], await expected.byDistance());
  assertRowsEqual(data['worstDays'] ?? [], await expected.worstDays(3));
  assertRowsEqual(data['worstRoutes'] ?? [], await expected.worstRoutes(200, 3));
});

test('an airport that nothing flies from has no flights', async () => {
  assert.deepEqual(await example.ask('flights-delay-by-hour', { origin: 'ZZZ' }), []);
});

function withoutPercentiles({ medianDelayMinutes: _median, p90DelayMinutes: _p90, ...row }: Row) {
  return row;
}

/** A value answers a percentile when no more than its share lies below it, and no less at or below it. */
function assertAround(below: unknown, notAbove: unknown, share: number, slack: number): void {
  assert.ok(Number(below) <= share + slack, `${Number(below)} lie below, expected up to ${share}`);
  assert.ok(Number(notAbove) >= share - slack, `${Number(notAbove)} do not, expected ${share}`);
}
