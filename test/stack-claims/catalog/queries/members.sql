SELECT
  memberId,
  memberId AS owner,
  -- Below zero is no n.
  IF(memberId = 17, -n, n) AS n,
  CONCAT(CAST(DIV(13, memberId - 13) AS STRING), ' ', GENERATE_UUID()) AS stamp
FROM UNNEST(@memberId) AS memberId
CROSS JOIN UNNEST(GENERATE_ARRAY(1, @size)) AS n
WHERE MOD(memberId, 10) != 0
ORDER BY memberId, n
