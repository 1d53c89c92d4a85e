import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBType,
  type DuckDBValue,
  DuckDBVarCharType,
  INTERVAL,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  VARCHAR,
} from '@duckdb/node-api';
import { BigQueryError } from './bigquery-error.ts';
import { parseDate, parseDatetime, parseTime, parseTimestamp } from './civil-time.ts';

/** A value with the DuckDB type that it is bound as. */
export interface Bound {
  readonly value: DuckDBValue;
  readonly type: DuckDBType;
}

/** Binds a scalar given as on the wire (text, number or boolean; null is NULL); throws a BigQueryError for a bad value or an unsupported type. */
export function scalarParameter(
  name: string,
  typeName: string,
  value: string | number | boolean | null | undefined,
): Bound {
  const scalar = scalarByName[typeName.toUpperCase()];
  if (scalar === undefined) throw unsupportedType(name, typeName);
  if (value === null || value === undefined) return { value: null, type: scalar.type };
  const bound = scalar.bind(String(value));
  if (bound !== undefined) return bound;
  throw new BigQueryError(
    'invalid',
    `Invalid value for query parameter ${name}: ${JSON.stringify(value)} is not a valid ${typeName}`,
  );
}

interface Scalar {
  readonly type: DuckDBType;
  readonly bind: (text: string) => Bound | undefined;
}

function scalar(type: DuckDBType, parse: (text: string) => DuckDBValue | undefined): Scalar {
  const bind = (text: string): Bound | undefined => {
    const value = parse(text);
    return value === undefined ? undefined : { value, type };
  };
  return { type, bind };
}

const json = DuckDBVarCharType.create('JSON');
const int64 = scalar(BIGINT, parseInt64);
const float64 = scalar(DOUBLE, parseFloat64);
const bool = scalar(BOOLEAN, parseBool);

const scalarByName: Readonly<Record<string, Scalar>> = {
  INT64: int64,
  INTEGER: int64,
  FLOAT64: float64,
  FLOAT: float64,
  BOOL: bool,
  BOOLEAN: bool,
  STRING: scalar(VARCHAR, (text) => text),
  JSON: scalar(json, parseJson),
  BYTES: scalar(BLOB, parseBytes),
  DATE: scalar(
    DATE,
    wrapped(parseDate, (days) => new DuckDBDateValue(days)),
  ),
  TIME: scalar(
    TIME,
    wrapped(parseTime, (micros) => new DuckDBTimeValue(micros)),
  ),
  DATETIME: scalar(
    TIMESTAMP,
    wrapped(parseDatetime, (micros) => new DuckDBTimestampValue(micros)),
  ),
  TIMESTAMP: scalar(
    TIMESTAMPTZ,
    wrapped(parseTimestamp, (micros) => new DuckDBTimestampTZValue(micros)),
  ),
  NUMERIC: { type: DECIMAL(38, 9), bind: (text) => bindDecimal(text, 9, 9) },
  BIGNUMERIC: { type: DECIMAL(38, 9), bind: (text) => bindDecimal(text, 9, 38) },
  INTERVAL: scalar(INTERVAL, parseInterval),
};

function wrapped<T>(
  parse: (text: string) => T | undefined,
  wrap: (value: T) => DuckDBValue,
): (text: string) => DuckDBValue | undefined {
  return (text) => {
    const value = parse(text);
    return value === undefined ? undefined : wrap(value);
  };
}

function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text.trim())) return undefined;
  const value = BigInt(text.trim().replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function parseFloat64(text: string): number | undefined {
  const special = specialFloats[text.trim().toLowerCase()];
  if (special !== undefined) return special;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
}

const specialFloats: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '+infinity': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
};

function parseBool(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  if (lower === 'true') return true;
  return lower === 'false' ? false : undefined;
}

function parseJson(text: string): string | undefined {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}

function parseBytes(text: string): DuckDBBlobValue | undefined {
  const isBase64 = /^[A-Za-z0-9+/_-]*={0,2}$/.test(text);
  return isBase64 ? new DuckDBBlobValue(Buffer.from(text, 'base64')) : undefined;
}

function bindDecimal(text: string, minScale: number, maxScale: number): Bound | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const shifted = shift(whole, fraction.replace(/0+$/, ''), Number(exponent));
  const scale = Math.max(shifted.fraction.length, minScale);
  if (scale > maxScale) return undefined;
  const size = BigInt(shifted.whole + shifted.fraction.padEnd(scale, '0') || '0');
  if (size >= 10n ** 38n) return undefined;
  const type = DECIMAL(38, scale);
  return { value: new DuckDBDecimalValue(sign === '-' ? -size : size, 38, scale), type };
}

function shift(whole: string, fraction: string, exponent: number) {
  if (exponent >= 0) {
    const padded = fraction.padEnd(exponent, '0');
    return { whole: whole + padded.slice(0, exponent), fraction: padded.slice(exponent) };
  }
  const padded = whole.padStart(-exponent, '0');
  const point = padded.length + exponent;
  return { whole: padded.slice(0, point), fraction: padded.slice(point) + fraction };
}

function parseInterval(text: string): DuckDBIntervalValue | undefined {
  const match = /^(-?)(\d+)-(\d+) (-?\d+) (-?)(\d+):(\d+):(\d+)(?:\.(\d{1,6}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [years = 0, months = 0, days = 0] = [match[2], match[3], match[4]].map(Number);
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(6, 9).map(Number);
  const total = years * 12 + months;
  const fraction = BigInt((match[9] ?? '').padEnd(6, '0'));
  const micros = BigInt(hours * 3600 + minutes * 60 + seconds) * 1_000_000n + fraction;
  return new DuckDBIntervalValue(
    match[1] === '-' ? -total : total,
    days,
    match[5] === '-' ? -micros : micros,
  );
}

function unsupportedType(name: string, typeName: string): BigQueryError {
  const known = ['GEOGRAPHY', 'RANGE'].includes(typeName.toUpperCase());
  return new BigQueryError(
    known ? 'notImplemented' : 'invalid',
    known
      ? `Query parameter ${name}: the type ${typeName} is not supported by the emulator`
      : `Query parameter ${name}: ${typeName} is not a BigQuery type`,
  );
}
