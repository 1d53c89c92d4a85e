import { fail } from './fail.ts';

const g = 'googlesql.main';
const isReal = (x: string): string => `typeof(${x}) IN ('DOUBLE', 'FLOAT')`;
const asReal = (x: string): string => `CAST(${x} AS DOUBLE)`;
const exact = (x: string): string => `typeof(${x}) LIKE 'DECIMAL%'`;

/** Numbers and conversions; the type of a value decides where BigQuery and DuckDB differ. */
export const numberMacros: readonly string[] = [
  `divisor(x) AS CASE WHEN x = 0 THEN ${fail("'division by zero'")} ELSE x END`,
  `safe_divide(a, b) AS CASE WHEN b = 0 THEN NULL ELSE a / b END`,
  `ieee_divide(a, b) AS CASE WHEN ${asReal('b')} <> 0 THEN ${asReal('a')} / ${asReal('b')} WHEN a IS NULL OR b IS NULL THEN NULL WHEN a = 0 OR isnan(${asReal('a')}) THEN 'NaN'::DOUBLE WHEN a > 0 THEN 'Infinity'::DOUBLE ELSE '-Infinity'::DOUBLE END`,
  `div(a, b) AS CASE WHEN b = 0 THEN ${fail("'division by zero'")} ELSE a // b END`,
  `mod(a, b) AS CASE WHEN b = 0 THEN ${fail("'division by zero'")} ELSE a % b END`,
  `round(x) AS round(${asReal('x')}), (x, n) AS round(${asReal('x')}, CAST(n AS INTEGER))`,
  `trunc(x) AS trunc(${asReal('x')}), (x, n) AS trunc(${asReal('x')} * pow(10, n)) / pow(10, n)`,
  `ceil(x) AS ceil(${asReal('x')})`,
  `ceiling(x) AS ceil(${asReal('x')})`,
  `floor(x) AS floor(${asReal('x')})`,
  'log(x) AS ln(x), (x, base) AS ln(x) / ln(base)',
  'range_bucket(x, bounds) AS CASE WHEN x IS NULL THEN NULL ELSE len(list_filter(bounds, lambda bound: bound <= x)) END',
  `to_int64(x) AS CASE WHEN ${isReal('x')} THEN CAST(round(TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE)) AS BIGINT) WHEN typeof(x) = 'VARCHAR' AND NOT regexp_full_match(CAST(x AS VARCHAR), '\\s*[-+]?(\\d+|0[xX][0-9a-fA-F]+)\\s*') THEN ${fail("'Bad int64 value: ' || CAST(x AS VARCHAR)")} ELSE CAST(x AS BIGINT) END`,
  "real_text(x) AS regexp_replace(CAST(x AS VARCHAR), '\\.0$', '')",
  "decimal_text(x) AS CASE WHEN contains(x, '.') THEN rtrim(rtrim(x, '0'), '.') ELSE x END",
  `to_string(x) AS CASE WHEN ${isReal('x')} THEN ${g}.real_text(TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE)) WHEN ${exact('x')} THEN ${g}.decimal_text(CAST(x AS VARCHAR)) WHEN typeof(x) = 'BLOB' THEN decode(CAST(CAST(x AS VARCHAR) AS BLOB)) ELSE CAST(x AS VARCHAR) END`,
  "to_bytes(x) AS CASE typeof(x) WHEN 'BLOB' THEN CAST(CAST(x AS VARCHAR) AS BLOB) ELSE encode(CAST(x AS VARCHAR)) END",
];
