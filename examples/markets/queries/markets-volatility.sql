-- How restless the index was: the deviation of 21 daily log returns, scaled to a year of 252 trading days, as it stood
-- at the end of each month.
WITH returns AS (
  SELECT
    day.date AS day,
    LN(day.close / LAG(day.close) OVER (ORDER BY day.date)) AS log_return
  FROM `markets.sp500` AS day
  WHERE day.close > 0
),
rolling AS (
  SELECT
    day,
    STDDEV_SAMP(log_return) OVER month_of_trading AS deviation,
    COUNT(log_return) OVER month_of_trading AS returns_seen
  FROM returns
  WINDOW month_of_trading AS (ORDER BY day ROWS BETWEEN 20 PRECEDING AND CURRENT ROW)
)
SELECT
  day,
  ROUND(100 * deviation * SQRT(252), 4) AS volatilityPercent
FROM rolling
-- Windows run over all days before rows are left out here: the first days of the range see the days before it.
WHERE returns_seen = 21
  AND day BETWEEN @fromDay AND @toDay
QUALIFY ROW_NUMBER() OVER (PARTITION BY DATE_TRUNC(day, MONTH) ORDER BY day DESC) = 1
ORDER BY day
