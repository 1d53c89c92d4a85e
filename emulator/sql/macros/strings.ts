import { fail, failAsText } from './fail.ts';

const g = 'googlesql.main';
const isBytes = (x: string): string => `typeof(${x}) = 'BLOB'`;
const text = (x: string): string => `CAST(${x} AS VARCHAR)`;
const bytes = (x: string): string => `CAST(CAST(${x} AS VARCHAR) AS BLOB)`;
const blank = String.raw`[\s\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]+`;
const hasGroup = String.raw`regexp_matches(regexp_replace(p, '\\.|\[[^\]]*\]', '', 'g'), '\((\?P?<|[^?])')`;
const start = (i: string): string =>
  `CASE WHEN ${i} > 0 THEN ${i} WHEN ${i} = 0 THEN 1 ELSE greatest(length(${text('s')}) + ${i} + 1, 1) END`;

/** Strings, regular expressions and hashes. */
export const stringMacros: readonly string[] = [
  `length(x) AS CASE WHEN ${isBytes('x')} THEN octet_length(${bytes('x')}) ELSE length(${text('x')}) END`,
  'char_length(x) AS length(x)',
  'character_length(x) AS length(x)',
  `byte_length(x) AS CASE WHEN ${isBytes('x')} THEN octet_length(${bytes('x')}) ELSE strlen(${text('x')}) END`,
  `octet_length(x) AS ${g}.byte_length(x)`,
  `substr(s, i) AS substr(s, ${start('i')}), (s, i, n) AS CASE WHEN n < 0 THEN ${failAsText("'Third argument in SUBSTR() cannot be negative'")} ELSE substr(s, ${start('i')}, n) END`,
  `substring(s, i) AS ${g}.substr(s, i), (s, i, n) AS ${g}.substr(s, i, n)`,
  'left(s, n) AS substr(s, 1, n)',
  '"right"(s, n) AS CASE WHEN n <= 0 THEN substr(s, 1, 0) ELSE substr(s, greatest(length(s) - n + 1, 1)) END',
  `trim(s) AS regexp_replace(regexp_replace(s, '^${blank}', ''), '${blank}$', ''), (s, c) AS trim(s, c)`,
  `ltrim(s) AS regexp_replace(s, '^${blank}', ''), (s, c) AS ltrim(s, c)`,
  `rtrim(s) AS regexp_replace(s, '${blank}$', ''), (s, c) AS rtrim(s, c)`,
  `lpad(s, n, c) AS lpad(s, CAST(n AS INTEGER), c)`,
  `rpad(s, n, c) AS rpad(s, CAST(n AS INTEGER), c)`,
  'reverse(s) AS reverse(s)',
  'repeat(s, n) AS repeat(s, n)',
  String.raw`initcap(s) AS array_to_string(list_transform(regexp_extract_all(s, '[\p{L}\p{N}]+|[^\p{L}\p{N}]+'), lambda w: upper(w[1]) || lower(w[2:])), '')`,
  `instr(s, x) AS strpos(s, x), (s, x, p) AS CASE WHEN p < 1 THEN ${fail("'INSTR with a negative position is not supported by the emulator'")} WHEN strpos(substr(s, p), x) = 0 THEN 0 ELSE strpos(substr(s, p), x) + p - 1 END`,
  "split(s) AS CASE WHEN s = '' THEN [''] ELSE string_split(s, ',') END, (s, d) AS CASE WHEN s = '' THEN [''] ELSE string_split(s, d) END",
  'contains_substr(s, x) AS contains(lower(CAST(s AS VARCHAR)), lower(x))',
  'regexp_contains(s, p) AS regexp_matches(s, p)',
  `regexp_extract(s, p) AS CASE WHEN NOT regexp_matches(s, p) THEN NULL WHEN ${hasGroup} THEN regexp_extract(s, p, 1) ELSE regexp_extract(s, p) END`,
  `regexp_substr(s, p) AS ${g}.regexp_extract(s, p)`,
  `regexp_extract_all(s, p) AS CASE WHEN ${hasGroup} THEN regexp_extract_all(s, p, 1) ELSE regexp_extract_all(s, p) END`,
  "regexp_replace(s, p, r) AS regexp_replace(s, p, r, 'g')",
  'md5(x) AS unhex(md5(x))',
  'sha1(x) AS unhex(sha1(x))',
  'sha256(x) AS unhex(sha256(x))',
  'to_hex(x) AS lower(hex(x))',
  'from_hex(x) AS unhex(x)',
  'to_base64(x) AS to_base64(x)',
  'from_base64(x) AS from_base64(x)',
  `to_code_points(s) AS list_transform(regexp_extract_all(s, '(?s).'), lambda c: CAST(unicode(c) AS BIGINT))`,
  "code_points_to_string(a) AS array_to_string(list_transform(a, lambda c: chr(CAST(c AS INTEGER))), '')",
  'safe_convert_bytes_to_string(x) AS TRY(decode(x))',
];
