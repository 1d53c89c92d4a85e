SELECT
  @whole AS whole,
  @number AS number,
  @choice AS choice,
  @flag AS flag,
  @day AS day,
  (SELECT COUNT(*) FROM UNNEST(@list)) AS listed
