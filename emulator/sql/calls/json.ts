import { duckString } from '../literal.ts';
import { type Call, type CallRule, macro, macros, refused, value, values } from './call.ts';

/** JSON in strings and in JSON values. Paths may be literals or values. */
export const jsonCalls: Readonly<Record<string, CallRule>> = {
  ...macros('PARSE_JSON TO_JSON TO_JSON_STRING'),
  ...refused(
    'JSON_SET JSON_REMOVE JSON_STRIP_NULLS JSON_ARRAY_APPEND JSON_ARRAY_INSERT JSON_FLATTEN LAX_BOOL LAX_INT64 LAX_FLOAT64 LAX_STRING BOOL INT64 FLOAT64 STRING',
  ),
  JSON_VALUE: byPath('json_value'),
  JSON_EXTRACT_SCALAR: byPath('json_value'),
  JSON_QUERY: byPath('json_query'),
  JSON_EXTRACT: byPath('json_query'),
  JSON_VALUE_ARRAY: byPath('json_value_array'),
  JSON_EXTRACT_STRING_ARRAY: byPath('json_value_array'),
  JSON_QUERY_ARRAY: byPath('json_query_array'),
  JSON_EXTRACT_ARRAY: byPath('json_query_array'),
  JSON_TYPE: byPath('json_type_name'),
  JSON_KEYS: byPath('json_keys_at'),
  JSON_OBJECT: (call) => `json_object(${values(call).join(', ')})`,
  JSON_ARRAY: (call) => `json_array(${values(call).join(', ')})`,
};

function byPath(name: string): CallRule {
  return (call) => macro(name, [value(call, 0), path(call)]);
}

/** BigQuery writes odd keys as `$['a.b']` or `$."a.b"`; DuckDB knows the second way only. */
function path(call: Call): string {
  const [, range] = call.arguments;
  if (!range) return "'$'";
  const { kind, value: text } = call.sql.token(range.first);
  if (kind !== 'string' || range.first !== range.last) return call.sql.emit(range);
  return duckString(text.replace(/\[(['"])(.*?)\1\]/g, '."$2"'));
}
