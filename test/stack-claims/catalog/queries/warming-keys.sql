SELECT
  NULLIF(CONCAT('key ', CAST(rank AS STRING)), 'key 2') AS key,
  rank
FROM UNNEST(GENERATE_ARRAY(1, 100)) AS rank
WHERE rank <= @most
ORDER BY rank
