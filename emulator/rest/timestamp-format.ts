import { z } from 'zod';
import type { Field } from '../values/field.ts';
import { isoTimestamp } from '../values/civil-time.ts';
import { floatSeconds } from '../values/number-text.ts';

/** How TIMESTAMP cells are written: microseconds, float seconds (the API's default), or ISO 8601. */
export type TimestampFormat = 'INT64' | 'FLOAT64' | 'ISO8601_STRING';

/** Picks the format that the request's formatOptions ask for. */
export function timestampFormat(o: {
  readonly useInt64Timestamp?: boolean | null | undefined;
  readonly timestampOutputFormat?: string | null | undefined;
}): TimestampFormat {
  if (o.timestampOutputFormat === 'ISO8601_STRING') return 'ISO8601_STRING';
  return o.useInt64Timestamp === true || o.timestampOutputFormat === 'INT64' ? 'INT64' : 'FLOAT64';
}

/** Rewrites the timestamps of kept rows, which are microseconds; rows without timestamps stay as they are. */
export function formatRows(
  rows: readonly string[],
  fields: readonly Field[],
  format: TimestampFormat,
): readonly string[] {
  if (format === 'INT64' || !fields.some(holdsTimestamp)) return rows;
  const write = format === 'FLOAT64' ? floatSeconds : isoTimestamp;
  return rows.map((row) => JSON.stringify(rewriteRow(JSON.parse(row), fields, write)));
}

function holdsTimestamp({ type, fields = [] }: Field): boolean {
  return type === 'TIMESTAMP' || fields.some(holdsTimestamp);
}

const cells = z.object({ f: z.array(z.object({ v: z.unknown() })) });
const items = z.array(z.object({ v: z.unknown() }));

function rewriteRow(
  row: unknown,
  fields: readonly Field[],
  write: (micros: bigint) => string,
): object {
  const f = cells.parse(row).f.map(({ v }, i) => {
    const field = fields[i];
    return { v: field === undefined ? v : rewriteValue(v, field, write) };
  });
  return { f };
}

function rewriteValue(value: unknown, field: Field, write: (micros: bigint) => string): unknown {
  if (value === null || !holdsTimestamp(field)) return value;
  if (field.mode === 'REPEATED') {
    const single: Field = { ...field, mode: 'NULLABLE' };
    return items.parse(value).map(({ v }) => ({ v: rewriteValue(v, single, write) }));
  }
  return field.type === 'TIMESTAMP' && typeof value === 'string'
    ? write(BigInt(value))
    : rewriteRow(value, field.fields ?? [], write);
}
