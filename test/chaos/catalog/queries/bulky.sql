SELECT
  @key AS key,
  GENERATE_UUID() AS stamp,
  UNIX_MILLIS(CURRENT_TIMESTAMP()) AS producedAt,
  REPEAT('punctual', 1000000) AS text
