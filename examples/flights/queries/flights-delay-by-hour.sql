-- When to fly: delays by the hour of departure. Percentiles are approximate, because an exact one sorts every flight.
SELECT
  EXTRACT(HOUR FROM flight.date) AS hour,
  COUNT(*) AS flights,
  ROUND(AVG(flight.delay), 4) AS averageDelayMinutes,
  -- On time as the US Department of Transportation counts it: less than 15 minutes late.
  ROUND(100 * COUNTIF(flight.delay < 15) / COUNT(*), 4) AS onTimePercent,
  APPROX_QUANTILES(flight.delay, 100)[OFFSET(50)] AS medianDelayMinutes,
  APPROX_QUANTILES(flight.delay, 100)[OFFSET(90)] AS p90DelayMinutes
FROM `flights.flights` AS flight
WHERE @origin IS NULL OR flight.origin = @origin
GROUP BY hour
ORDER BY hour
