-- Weeks or months in which the index left its own track: the average close of each against the four before it.
WITH windows AS (
  SELECT
    CASE @period
      WHEN 'week' THEN DATE_TRUNC(day.date, ISOWEEK)
      ELSE DATE_TRUNC(day.date, MONTH)
    END AS first_day,
    COUNT(*) AS days,
    AVG(day.close) AS average_close,
    SUM(day.volume) AS volume
  FROM `markets.sp500` AS day
  WHERE day.close IS NOT NULL
  GROUP BY first_day
),
compared AS (
  SELECT
    first_day,
    days,
    average_close,
    volume,
    COUNT(*) OVER four_before AS windows_before,
    AVG(average_close) OVER four_before AS close_before,
    STDDEV_SAMP(average_close) OVER four_before AS deviation_before,
    AVG(volume) OVER four_before AS volume_before
  FROM windows
  WINDOW four_before AS (ORDER BY first_day ROWS BETWEEN 4 PRECEDING AND 1 PRECEDING)
),
changes AS (
  SELECT
    first_day,
    days,
    average_close,
    close_before,
    ROUND(100 * (average_close - close_before) / close_before, 4) AS change_percent,
    volume,
    volume_before,
    -- Undefined where the four windows before were all the same.
    SAFE_DIVIDE(average_close - close_before, deviation_before) AS z_score
  FROM compared
  -- The first four windows have nothing whole to be compared with.
  WHERE windows_before = 4
)
SELECT
  first_day AS firstDay,
  days,
  ROUND(average_close, 4) AS closeNow,
  ROUND(close_before, 4) AS closeBefore,
  change_percent AS changePercent,
  IF(change_percent > 0, 'up', 'down') AS direction,
  volume AS volumeNow,
  ROUND(volume_before, 0) AS volumeBefore,
  ROUND(z_score, 4) AS zScore
FROM changes
WHERE change_percent != 0
  AND ABS(change_percent) >= @minChangePercent
  AND (@direction = 'any' OR @direction = IF(change_percent > 0, 'up', 'down'))
  AND first_day >= @fromDay
ORDER BY ABS(change_percent) DESC, firstDay
LIMIT 5000
