-- As many rows as a large export has, each a little text and two numbers.
SELECT n, CONCAT('row ', CAST(n AS STRING), ' of ', CAST(@batch AS STRING)) AS name, MOD(n, 1000) / 8 AS price
FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS n
