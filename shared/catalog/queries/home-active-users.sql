-- Who is likely to open the home page again: users by what they did on the site in the last 30 days.
SELECT
  user_id AS userId,
  COUNT(*) AS events
FROM `bigquery-public-data.thelook_ecommerce.events`
-- Whole hours, so that the list is the same within an hour.
WHERE created_at >= TIMESTAMP_SUB(TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR), INTERVAL 30 DAY)
  AND created_at < TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), HOUR)
  AND user_id IS NOT NULL
GROUP BY user_id
ORDER BY events DESC, userId
LIMIT @limit
