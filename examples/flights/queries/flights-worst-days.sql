-- The days on which most went wrong, by average delay.
SELECT
  DATE(flight.date) AS day,
  COUNT(*) AS flights,
  ROUND(AVG(flight.delay), 4) AS averageDelayMinutes,
  COUNTIF(flight.delay >= 60) AS hourLateFlights,
  ROUND(100 * COUNTIF(flight.delay < 15) / COUNT(*), 4) AS onTimePercent
FROM `flights.flights` AS flight
WHERE @origin IS NULL OR flight.origin = @origin
GROUP BY day
-- One late flight at a small airport is no bad day.
HAVING flights >= 10
ORDER BY averageDelayMinutes DESC, day
LIMIT @limit
