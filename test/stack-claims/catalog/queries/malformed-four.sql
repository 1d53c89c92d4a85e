SELECT
  @key AS key,
  CONCAT(GENERATE_UUID(), '-', CAST(@size AS STRING)) AS stamp
