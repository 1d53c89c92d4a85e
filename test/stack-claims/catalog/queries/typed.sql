SELECT
  @whole AS whole,
  @number AS number,
  @choice AS choice,
  @flag AS flag,
  @day AS day,
  ARRAY_LENGTH(@list) AS listed
