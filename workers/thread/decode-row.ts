import type { JsonField } from '../../shared/catalog/parameter-types.ts';
import type { Field, RawRow } from './warehouse-job.ts';

/** A cell that cannot be represented without changing it. */
export class InexactCell extends Error {
  constructor(column: string, what: string) {
    super(`${column}: ${what}`);
    this.name = 'InexactCell';
  }
}

type Decode = (cell: unknown) => unknown;

/**
 * Makes a decoder for rows of a result schema. The declared columns decide where BigQuery's types allow two forms: an
 * INT64 or NUMERIC declared as a string keeps its digits, declared as a number it must survive the conversion unchanged.
 * A column named `without` is left out.
 */
export function rowDecoder(
  fields: readonly Field[],
  declared: Readonly<Record<string, JsonField>>,
  without?: string,
): (row: RawRow) => Record<string, unknown> {
  const columns = fields
    .map((field, index) => ({
      index,
      name: field.name,
      decode: fieldDecoder(field, declared[field.name]),
    }))
    .filter(({ name }) => name !== without);
  return (row) => {
    const decoded: Record<string, unknown> = {};
    const extra = row.f.length - fields.length;
    if (extra > 0) throw new InexactCell('the row', `has ${extra} more cells than columns`);
    for (const { index, name, decode } of columns) {
      const cell = row.f[index];
      if (!cell) throw new InexactCell(name, 'the row has no such cell');
      decoded[name] = decode(cell.v);
    }
    return decoded;
  };
}

function fieldDecoder(field: Field, declared: JsonField | undefined): Decode {
  if (field.mode === 'REPEATED') {
    const item = fieldDecoder({ ...field, mode: 'NULLABLE' }, declared?.items);
    return (cell) => ((cell ?? []) as readonly { v: unknown }[]).map(({ v }) => item(v));
  }
  const decode = scalarDecoder(field, typesOf(declared).includes('string'), declared);
  return (cell) => {
    if (cell === null || cell === undefined) return null;
    // Scalars come as text whatever their type; anything else would be altered on the way.
    if (typeof cell !== 'string' && !isRecord(field))
      throw new InexactCell(field.name, `a ${field.type} came as ${typeof cell}`);
    return decode(cell);
  };
}

function isRecord({ type }: Field): boolean {
  return type === 'RECORD' || type === 'STRUCT';
}

function typesOf(declared: JsonField | undefined): readonly (string | undefined)[] {
  return declared?.anyOf ? declared.anyOf.map((alternative) => alternative.type) : [declared?.type];
}

function scalarDecoder(field: Field, asText: boolean, declared: JsonField | undefined): Decode {
  const { name } = field;
  switch (field.type) {
    case 'INTEGER':
    case 'INT64':
      return asText
        ? (cell) => digitsOnly(name, String(cell))
        : (cell) => exactInteger(name, String(cell));
    case 'FLOAT':
    case 'FLOAT64':
      return (cell) => finite(name, String(cell));
    case 'NUMERIC':
    case 'BIGNUMERIC':
      return asText
        ? (cell) => decimalOnly(name, String(cell))
        : (cell) => exactDecimal(name, String(cell));
    case 'BOOLEAN':
    case 'BOOL':
      return (cell) => truth(name, String(cell));
    case 'TIMESTAMP':
      return (cell) => isoTimestamp(name, String(cell));
    case 'JSON':
      return (cell) => JSON.parse(String(cell));
    case 'RECORD':
    case 'STRUCT':
      return rowDecoderOf(field, declared);
    default:
      return String;
  }
}

function rowDecoderOf(field: Field, declared: JsonField | undefined): Decode {
  const nested = (declared as { properties?: Record<string, JsonField> } | undefined)?.properties;
  const decode = rowDecoder(field.fields ?? [], nested ?? {});
  return (cell) => decode(cell as RawRow);
}

function exactInteger(column: string, text: string): number {
  const number = Number(text);
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new InexactCell(
    column,
    `${text} is no integer within ±2^53; declare the column z.string()`,
  );
}

function digitsOnly(column: string, text: string): string {
  if (/^-?\d+$/.test(text)) return text;
  throw new InexactCell(column, `${text} is no integer`);
}

function decimalOnly(column: string, text: string): string {
  if (/^-?\d+(\.\d+)?$/.test(text)) return text;
  throw new InexactCell(column, `${text} is no decimal`);
}

function exactDecimal(column: string, text: string): number {
  const number = Number(text);
  if (/^-?\d+(\.\d+)?$/.test(text) && digits(String(number)) === digits(text)) return number;
  throw new InexactCell(
    column,
    `${text} has more digits than a number holds; ROUND it or declare z.string()`,
  );
}

/** A decimal without the zeros that do not matter. */
function digits(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function finite(column: string, text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number)) return number;
  throw new InexactCell(column, `${text} is no finite number, and JSON has no word for it`);
}

function truth(column: string, text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new InexactCell(column, `${text} is neither true nor false`);
}

/** BigQuery sends microseconds since the epoch; RFC 3339 keeps them all. */
function isoTimestamp(column: string, text: string): string {
  if (!/^-?\d+$/.test(text))
    throw new InexactCell(column, `${text} is no timestamp in microseconds`);
  const micros = BigInt(text);
  const ms = micros / 1000n - (micros % 1000n < 0n ? 1n : 0n);
  const rest = Number(micros - ms * 1000n);
  const iso = new Date(Number(ms)).toISOString();
  return rest === 0 ? iso : iso.replace('Z', `${String(rest).padStart(3, '0')}Z`);
}
