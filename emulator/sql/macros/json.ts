const when = (then: string): string => `CASE WHEN json_valid(j) THEN ${then} END`;

/** JSON in text or JSON values; text that is no JSON gives NULL, as in BigQuery. */
export const jsonMacros: readonly string[] = [
  `json_value(j, p) AS ${when("CASE WHEN json_type(j, p) IN ('OBJECT', 'ARRAY') THEN NULL ELSE json_extract_string(j, p) END")}`,
  `json_query(j, p) AS ${when("nullif(CAST(json_extract(j, p) AS VARCHAR), 'null')")}`,
  `json_value_array(j, p) AS ${when("CASE WHEN json_type(j, p) = 'ARRAY' THEN list_transform(CAST(json_extract(j, p) AS JSON[]), lambda x: json_extract_string(x, '$')) END")}`,
  `json_query_array(j, p) AS ${when("CASE WHEN json_type(j, p) = 'ARRAY' THEN list_transform(CAST(json_extract(j, p) AS JSON[]), lambda x: CAST(x AS VARCHAR)) END")}`,
  "json_type_name(j, p) AS CASE json_type(j, p) WHEN 'VARCHAR' THEN 'string' WHEN 'BIGINT' THEN 'number' WHEN 'UBIGINT' THEN 'number' WHEN 'DOUBLE' THEN 'number' ELSE lower(json_type(j, p)) END",
  'json_keys_at(j, p) AS json_keys(j, p)',
  'parse_json(s) AS CAST(s AS JSON)',
  'to_json(x) AS to_json(x)',
  "to_json_string(x) AS coalesce(CAST(to_json(x) AS VARCHAR), 'null')",
];
