import { type CallRule, macro, macros, refused, renamed, values } from './call.ts';

/** Arrays and the ranges that generate them. */
export const arrayCalls: Readonly<Record<string, CallRule>> = {
  ...renamed({ ARRAY_REVERSE: 'list_reverse' }),
  ...macros(
    'ARRAY_LENGTH ARRAY_TO_STRING GENERATE_ARRAY GENERATE_DATE_ARRAY GENERATE_TIMESTAMP_ARRAY ARRAY_FIRST ARRAY_LAST ARRAY_SLICE',
  ),
  ...refused(
    'ARRAY_FILTER ARRAY_TRANSFORM ARRAY_INCLUDES ARRAY_IS_DISTINCT FLATTEN GENERATE_RANGE_ARRAY',
  ),
  ARRAY: (call) => `ARRAY(${call.sql.emit(call.inner)})`,
  ARRAY_CONCAT: (call) => {
    const [first = '[]', ...rest] = values(call);
    return rest.reduce((left, right) => macro('array_concat', [left, right]), first);
  },
};
