-- The routes to avoid: the share of flights on time, for routes that are flown often enough to judge.
SELECT
  flight.origin,
  flight.destination,
  MIN(flight.distance) AS miles,
  COUNT(*) AS flights,
  ROUND(AVG(flight.delay), 4) AS averageDelayMinutes,
  ROUND(100 * COUNTIF(flight.delay < 15) / COUNT(*), 4) AS onTimePercent
FROM `flights.flights` AS flight
WHERE @origin IS NULL OR flight.origin = @origin
GROUP BY flight.origin, flight.destination
HAVING flights >= @minFlights
ORDER BY onTimePercent, origin, destination
LIMIT @limit
