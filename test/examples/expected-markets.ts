import type { Row } from '../catalog/with-warehouse.ts';
import type { Example } from './with-example.ts';

/** What the alerts are narrowed by. */
export interface AskedAlerts {
  readonly period: 'week' | 'month';
  readonly minChangePercent: number;
  readonly direction: 'any' | 'up' | 'down';
  readonly fromDay: string;
}

/** Windows whose average close left the mean of the four before it, from the question, in plain DuckDB SQL. */
export function expectedAlerts(example: Example, asked: AskedAlerts): Promise<Row[]> {
  const start =
    asked.period === 'week'
      ? '"date" - (isodow("date") - 1)::INTEGER'
      : '"date" - (day("date") - 1)::INTEGER';
  const wanted = { any: 'true', up: 'now.close > past.close', down: 'now.close < past.close' };
  return example.rows(
    `WITH totals AS (
       SELECT (${start})::DATE AS firstDay, count(*) AS days, avg(close) AS close, sum(volume)::BIGINT AS volume
       FROM data GROUP BY 1
     ), windows AS (
       SELECT *, row_number() OVER (ORDER BY firstDay) AS n FROM totals
     ), past AS (
       SELECT later.n, avg(earlier.close) AS close, stddev_samp(earlier.close) AS deviation, avg(earlier.volume) AS volume
       FROM windows AS later JOIN windows AS earlier ON earlier.n BETWEEN later.n - 4 AND later.n - 1
       GROUP BY later.n HAVING count(*) = 4
     )
     SELECT now.firstDay, now.days, round(now.close, 4) AS closeNow, round(past.close, 4) AS closeBefore,
       round((now.close / past.close - 1) * 100, 4) AS changePercent,
       CASE WHEN now.close > past.close THEN 'up' ELSE 'down' END AS direction,
       now.volume AS volumeNow, round(past.volume) AS volumeBefore,
       round((now.close - past.close) / past.deviation, 4) AS zScore
     FROM windows AS now JOIN past ON past.n = now.n
     WHERE abs(changePercent) >= ${asked.minChangePercent} AND changePercent <> 0
       AND now.firstDay >= '${asked.fromDay}' AND ${wanted[asked.direction]}
     ORDER BY abs(changePercent) DESC, now.firstDay`,
  );
}

/** Every record close, what came until it was beaten, and how deep that went. */
export function expectedDrawdowns(example: Example, minDepthPercent: number, limit: number) {
  return example.rows(
    `WITH days AS (
       SELECT "date" AS day, close,
         coalesce(max(close) OVER (ORDER BY "date" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS best
       FROM data
     ), records AS (
       SELECT day, close, lead(day) OVER (ORDER BY day) AS beaten FROM days WHERE close > best
     )
     SELECT records.day AS peakDay, first(days.day ORDER BY days.close, days.day) AS troughDay, records.beaten AS recoveredDay,
       records.close AS peakClose, min(days.close) AS troughClose,
       round((1 - min(days.close) / records.close) * 100, 4) AS depthPercent, count(*) - 1 AS daysBelow
     FROM records JOIN days ON days.day >= records.day AND days.day < coalesce(records.beaten, DATE '9999-01-01')
     GROUP BY records.day, records.close, records.beaten
     HAVING (1 - min(days.close) / records.close) * 100 >= ${minDepthPercent}
     ORDER BY depthPercent DESC, peakDay LIMIT ${limit}`,
  );
}

/** The deviation of the 21 log returns that end with each month's last day, for a year of 252 days. */
export function expectedVolatility(example: Example, fromDay: string, toDay: string) {
  return example.rows(
    `WITH days AS (
       SELECT "date" AS day, close, row_number() OVER (ORDER BY "date") AS n FROM data
     ), changes AS (
       SELECT today.n, today.day, ln(today.close) - ln(yesterday.close) AS change
       FROM days AS today JOIN days AS yesterday ON yesterday.n = today.n - 1
     ), ends AS (
       SELECT max(n) AS n, max(day) AS day FROM days
       WHERE day BETWEEN '${fromDay}' AND '${toDay}' GROUP BY year(day), month(day)
     )
     SELECT ends.day, round(100 * sqrt(252) * stddev_samp(change), 4) AS volatilityPercent
     FROM ends JOIN changes ON changes.n BETWEEN ends.n - 20 AND ends.n
     GROUP BY ends.day HAVING count(*) = 21 ORDER BY ends.day`,
  );
}
