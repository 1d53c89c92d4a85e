import type { Row } from '../catalog/with-warehouse.ts';
import type { Example } from './with-example.ts';

const ON_TIME =
  'round(avg(CASE WHEN delay < 15 THEN 100.0::DOUBLE ELSE 0 END), 4) AS onTimePercent';
const AVERAGE = 'round(avg(delay), 4) AS averageDelayMinutes';

/** What each query of the flights example must answer, from the questions, in plain DuckDB SQL over the file. */
export function expectedFlights(example: Example, origin: string | null) {
  const flown = origin === null ? 'data' : `(FROM data WHERE origin = '${origin}')`;
  return {
    /** Without the percentiles, which are approximate. */
    byHour: () =>
      example.rows(
        `SELECT hour("date") AS hour, count(*) AS flights, ${AVERAGE}, ${ON_TIME} FROM ${flown} GROUP BY 1 ORDER BY 1`,
      ),
    byDistance: () =>
      example.rows(
        `SELECT band * 500 AS fromMiles, band * 500 + 499 AS toMiles, count(*) AS flights, ${AVERAGE},
           round(stddev_samp(delay), 4) AS delayDeviationMinutes, ${ON_TIME}
         FROM (SELECT *, floor(distance / 500)::BIGINT AS band FROM ${flown}) GROUP BY band ORDER BY band`,
      ),
    worstDays: (limit: number) =>
      example.rows(
        `SELECT "date"::DATE AS day, count(*) AS flights, ${AVERAGE},
           sum((delay >= 60)::BIGINT)::BIGINT AS hourLateFlights, ${ON_TIME}
         FROM ${flown} GROUP BY 1 HAVING count(*) >= 10 ORDER BY averageDelayMinutes DESC, day LIMIT ${limit}`,
      ),
    worstRoutes: (minFlights: number, limit: number) =>
      example.rows(
        `SELECT origin, destination, min(distance) AS miles, count(*) AS flights, ${AVERAGE}, ${ON_TIME}
         FROM ${flown} GROUP BY ALL HAVING count(*) >= ${minFlights} ORDER BY onTimePercent, origin, destination LIMIT ${limit}`,
      ),
  };
}

/** For the answered percentiles of every hour: the share of flights below each, and the share not above it. */
export function percentileRanks(example: Example, origin: string | null, byHour: readonly Row[]) {
  const answers = byHour.map(
    (row) =>
      `(${Number(row['hour'])}, ${Number(row['medianDelayMinutes'])}, ${Number(row['p90DelayMinutes'])})`,
  );
  return example.rows(
    `SELECT answered.hour,
       avg((delay < median)::INT) AS belowMedian, avg((delay <= median)::INT) AS notAboveMedian,
       avg((delay < p90)::INT) AS belowP90, avg((delay <= p90)::INT) AS notAboveP90
     FROM data JOIN (VALUES ${answers.join()}) AS answered(hour, median, p90) ON answered.hour = hour("date")
     WHERE ${origin === null ? 'true' : `origin = '${origin}'`}
     GROUP BY answered.hour`,
  );
}
