-- Do long flights make up for a late start? Delays by bands of 500 miles.
SELECT
  DIV(flight.distance, 500) * 500 AS fromMiles,
  DIV(flight.distance, 500) * 500 + 499 AS toMiles,
  COUNT(*) AS flights,
  ROUND(AVG(flight.delay), 4) AS averageDelayMinutes,
  ROUND(STDDEV_SAMP(flight.delay), 4) AS delayDeviationMinutes,
  ROUND(100 * COUNTIF(flight.delay < 15) / COUNT(*), 4) AS onTimePercent
FROM `flights.flights` AS flight
WHERE @origin IS NULL OR flight.origin = @origin
GROUP BY fromMiles, toMiles
ORDER BY fromMiles
