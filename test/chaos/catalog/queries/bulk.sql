SELECT
  @key AS key,
  'none' AS stamp,
  0 AS producedAt,
  REPEAT('x', IF(@key LIKE '%-wide-%', 12000, 8)) AS filler
FROM
  UNNEST(GENERATE_ARRAY(1, 200)) AS page,
  UNNEST(GENERATE_ARRAY(1, 500)) AS line
WHERE
  page <= CASE WHEN @key LIKE '%-many-%' THEN 200 WHEN @key LIKE '%-wide-%' THEN 14 ELSE 1 END
  AND line <= CASE WHEN @key LIKE '%-many-%' OR @key LIKE '%-wide-%' THEN 500 ELSE 20 END
