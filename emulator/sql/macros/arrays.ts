/** Arrays. */
export const arrayMacros: readonly string[] = [
  'array_length(a) AS len(a)',
  'array_concat(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE list_concat(a, b) END',
  "joined(parts, d, a) AS CASE WHEN a IS NULL OR d IS NULL THEN NULL WHEN len(parts) = 0 THEN '' ELSE array_to_string(parts, d) END",
  'array_to_string(a, d) AS googlesql.main.joined(list_filter(a, lambda x: x IS NOT NULL), d, a), (a, d, n) AS googlesql.main.joined(list_transform(a, lambda x: coalesce(CAST(x AS VARCHAR), n)), d, a)',
  'array_first(a) AS a[1]',
  'array_last(a) AS a[-1]',
  'array_slice(a, b, e) AS list_slice(a, CASE WHEN b < 0 THEN b ELSE b + 1 END, CASE WHEN e < 0 THEN e ELSE e + 1 END)',
  'generate_array(a, b) AS list_transform(generate_series(0::BIGINT, CAST(floor(b - a) AS BIGINT)), lambda i: a + i), (a, b, s) AS list_transform(generate_series(0::BIGINT, CAST(floor((b - a) / googlesql.main.divisor(s)) AS BIGINT)), lambda i: a + i * s)',
  'generate_date_array(a, b) AS list_transform(generate_series(CAST(a AS TIMESTAMP), CAST(b AS TIMESTAMP), INTERVAL 1 DAY), lambda d: CAST(d AS DATE)), (a, b, s) AS list_transform(generate_series(CAST(a AS TIMESTAMP), CAST(b AS TIMESTAMP), s), lambda d: CAST(d AS DATE))',
  'generate_timestamp_array(a, b, s) AS generate_series(CAST(a AS TIMESTAMPTZ), CAST(b AS TIMESTAMPTZ), s)',
  "list_histogram(a) AS list_aggregate(a, 'histogram')",
  "top_count(a, n) AS list_transform(list_slice(list_reverse_sort(list_transform(map_entries(list_histogram(a)), lambda e: {'count': CAST(e.value AS BIGINT), 'value': e.key})), 1, n), lambda e: {'value': e.value, 'count': e.count})",
];
