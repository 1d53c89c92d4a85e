SELECT
  @key AS key,
  GENERATE_UUID() AS stamp,
  UNIX_MILLIS(CURRENT_TIMESTAMP()) AS producedAt,
  part,
  'added' AS note
FROM UNNEST([1, 2, 3]) AS part
