-- Every fall from a record close until the record was reached again. Days below the same record belong together.
WITH closes AS (
  SELECT
    day.date AS day,
    day.close,
    MAX(day.close) OVER (ORDER BY day.date ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS record
  FROM `markets.sp500` AS day
  WHERE day.close IS NOT NULL
),
falls AS (
  SELECT
    record,
    MIN(day) AS peak_day,
    MIN(close) AS trough,
    ARRAY_AGG(day ORDER BY close, day LIMIT 1)[OFFSET(0)] AS trough_day,
    COUNT(*) - 1 AS days_below
  FROM closes
  GROUP BY record
),
ended AS (
  SELECT
    record,
    peak_day,
    trough,
    trough_day,
    days_below,
    LEAD(peak_day) OVER (ORDER BY peak_day) AS recovered_day
  FROM falls
)
SELECT
  peak_day AS peakDay,
  trough_day AS troughDay,
  recovered_day AS recoveredDay,
  record AS peakClose,
  trough AS troughClose,
  ROUND(100 * (record - trough) / record, 4) AS depthPercent,
  days_below AS daysBelow
FROM ended
WHERE 100 * (record - trough) / record >= @minDepthPercent
ORDER BY depthPercent DESC, peakDay
LIMIT @limit
