SELECT memberId
FROM UNNEST(GENERATE_ARRAY(1, @count)) AS memberId
ORDER BY memberId
