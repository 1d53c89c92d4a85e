import { UnsupportedSql } from '../sql-error.ts';
import type { Range } from '../rewrite.ts';
import {
  argument,
  type Call,
  type CallRule,
  macro,
  native,
  refused,
  renamed,
  value,
} from './call.ts';

/** Aggregates and window functions. What follows in OVER belongs to the call: see windowed. */
export const aggregateCalls: Readonly<Record<string, CallRule>> = {
  ...native(
    'COUNT SUM AVG MIN MAX STDDEV STDDEV_POP STDDEV_SAMP VAR_POP VAR_SAMP VARIANCE CORR COVAR_POP COVAR_SAMP BIT_AND BIT_OR BIT_XOR APPROX_COUNT_DISTINCT ROW_NUMBER RANK DENSE_RANK PERCENT_RANK CUME_DIST NTILE LAG LEAD FIRST_VALUE LAST_VALUE NTH_VALUE GROUPING',
  ),
  ...renamed({
    COUNTIF: 'count_if',
    LOGICAL_AND: 'bool_and',
    LOGICAL_OR: 'bool_or',
    MAX_BY: 'arg_max_null',
    MIN_BY: 'arg_min_null',
  }),
  ...refused('APPROX_TOP_SUM ST_CENTROID_AGG ST_UNION_AGG'),
  ANY_VALUE: anyValue,
  ARRAY_AGG: (call) => arrayOf(call),
  ARRAY_CONCAT_AGG: (call) => `flatten(${arrayOf(call, 'notNull')})`,
  STRING_AGG: stringAgg,
  APPROX_QUANTILES: approxQuantiles,
  APPROX_TOP_COUNT: (call) => macro('top_count', [plainArray(call, 0), value(call, 1)]),
  PERCENTILE_CONT: percentile('quantile_cont'),
  PERCENTILE_DISC: percentile('quantile_disc'),
};

/** The clauses of an aggregate call after its first argument. */
interface Clauses {
  readonly value: Range;
  readonly isDistinct: boolean;
  readonly ignoresNulls: boolean;
  readonly having: { readonly direction: string; readonly by: Range } | undefined;
  readonly order: string;
  readonly limit: string | undefined;
}

function clausesOf(call: Call, from: Range): Clauses {
  const { sql, inner } = call;
  const isDistinct = sql.word(from.first) === 'DISTINCT';
  const within = { first: from.first, last: inner.last };
  const marks = ['IGNORE', 'RESPECT', 'HAVING', 'ORDER', 'LIMIT'];
  const endOf = (at: number): number => {
    const next = sql.find({ first: at, last: inner.last }, ...marks);
    return next < 0 ? inner.last : next - 1;
  };
  const having = sql.find(within, 'HAVING');
  const order = sql.find(within, 'ORDER');
  const limit = sql.find(within, 'LIMIT');
  return {
    value: {
      first: from.first + (isDistinct ? 1 : 0),
      last: Math.min(from.last, endOf(from.first)),
    },
    isDistinct,
    ignoresNulls: sql.find(within, 'IGNORE') >= 0,
    having:
      having < 0
        ? undefined
        : { direction: sql.word(having + 1), by: { first: having + 2, last: endOf(having + 2) } },
    order: order < 0 ? '' : ` ${sql.emit({ first: order, last: endOf(order + 1) })}`,
    limit: limit < 0 ? undefined : sql.emit({ first: limit + 1, last: inner.last }),
  };
}

function anyValue(call: Call): string {
  const clauses = clausesOf(call, argument(call, 0));
  const text = call.sql.emit(clauses.value);
  if (!clauses.having) return `any_value(${text})${windowOf(call)}`;
  const duck = clauses.having.direction === 'MAX' ? 'arg_max_null' : 'arg_min_null';
  return `${duck}(${text}, ${call.sql.emit(clauses.having.by)})${windowOf(call)}`;
}

function arrayOf(call: Call, nulls?: 'notNull'): string {
  const clauses = clausesOf(call, argument(call, 0));
  const text = call.sql.emit(clauses.value);
  return collected(
    call,
    { ...clauses, ignoresNulls: clauses.ignoresNulls || nulls !== undefined },
    text,
  );
}

function collected(call: Call, clauses: Clauses, text: string): string {
  if (clauses.having) throw new UnsupportedSql(`${call.name} with HAVING`);
  const filter = clauses.ignoresNulls ? ` FILTER (WHERE ${text} IS NOT NULL)` : '';
  const distinct = clauses.isDistinct ? 'DISTINCT ' : '';
  const array = `array_agg(${distinct}${text}${clauses.order})${filter}${windowOf(call)}`;
  return clauses.limit === undefined ? array : `list_slice(${array}, 1, ${clauses.limit})`;
}

function stringAgg(call: Call): string {
  const [first, second] = call.arguments;
  const clauses = clausesOf(call, argument(call, 0));
  const tail = second ? clausesOf(call, second) : clauses;
  const separator = first && second ? call.sql.emit(tail.value) : "','";
  const text = call.sql.emit(clauses.value);
  const all = { ...tail, isDistinct: clauses.isDistinct, ignoresNulls: true };
  return `array_to_string(${collected(call, all, text)}, ${separator})`;
}

function plainArray(call: Call, index: number): string {
  const { ignoresNulls, isDistinct, value: range } = clausesOf(call, argument(call, index));
  if (ignoresNulls || isDistinct) throw new UnsupportedSql(`${call.name} with DISTINCT or NULLS`);
  return `array_agg(${call.sql.emit(range)})${windowOf(call)}`;
}

function approxQuantiles(call: Call): string {
  const clauses = clausesOf(call, argument(call, 0));
  const { first } = argument(call, 1);
  const count = Number(call.sql.token(first).text);
  if (!Number.isSafeInteger(count) || count < 1 || count > 10_000) {
    throw new UnsupportedSql('APPROX_QUANTILES with a number that is not a literal');
  }
  const steps = Array.from({ length: count + 1 }, (_, step) => `${step / count}::DOUBLE`);
  const distinct = clauses.isDistinct ? 'DISTINCT ' : '';
  return `quantile_disc(${distinct}${call.sql.emit(clauses.value)}, [${steps.join(', ')}])`;
}

function percentile(duck: string): CallRule {
  return (call) => {
    if (call.sql.find(call.inner, 'RESPECT') >= 0) {
      throw new UnsupportedSql(`${call.name} with RESPECT NULLS`);
    }
    const { value: fraction } = clausesOf(call, argument(call, 1));
    const position = call.sql.emit(fraction);
    return `${duck}(${value(call, 0)}, ${position})${windowOf(call)}`;
  };
}

/** The last token of a call's OVER clause, or of the call itself. */
export function windowEnd(call: Call): number {
  const { sql, close } = call;
  if (sql.word(close + 1) !== 'OVER') return close;
  return sql.word(close + 2) === '(' ? sql.closing(close + 2) : close + 2;
}

function windowOf(call: Call): string {
  const last = windowEnd(call);
  return last === call.close ? '' : ` ${call.sql.emit({ first: call.close + 1, last })}`;
}

/** The aggregates that write their own OVER clause, because something is wrapped around it. */
export const windowed: ReadonlySet<string> = new Set([
  'ANY_VALUE',
  'ARRAY_AGG',
  'ARRAY_CONCAT_AGG',
  'STRING_AGG',
  'APPROX_TOP_COUNT',
  'PERCENTILE_CONT',
  'PERCENTILE_DISC',
]);
