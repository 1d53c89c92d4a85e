SELECT
  @key AS key,
  CONCAT(CAST(COUNT(*) AS STRING), ' sales') AS stamp
FROM shop.sales
