SELECT
  @key AS key,
  GENERATE_UUID() AS stamp
