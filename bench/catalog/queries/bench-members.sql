SELECT
  memberId,
  place,
  CONCAT('Product ', CAST(MOD(memberId * 31 + place * 7, 29000) AS STRING), ' of the catalog') AS name,
  ROUND(1 / (place + MOD(memberId, 10)), 6) AS score
FROM UNNEST(@memberId) AS memberId
CROSS JOIN UNNEST(GENERATE_ARRAY(1, 4)) AS place
ORDER BY memberId, place
