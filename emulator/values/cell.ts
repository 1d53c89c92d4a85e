import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  type DuckDBType,
  DuckDBTypeId,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue,
  structValue,
} from '@duckdb/node-api';
import { BigQueryError } from './bigquery-error.ts';
import { dateText, datetimeText, timeText } from './civil-time.ts';
import { decimalText, floatText, intervalText } from './number-text.ts';
import { elementType } from './field.ts';

/** Writes one DuckDB value as the JSON text of a BigQuery cell, `{"v":…}`; timestamps are int64 microseconds. */
export type CellWriter = (value: DuckDBValue) => string;

/** Makes the writer of one column; its writer throws a BigQueryError for a null array element, as BigQuery does. */
export function cellWriter(column: string, type: DuckDBType): CellWriter {
  const element = elementType(type);
  if (element !== undefined) return arrayWriter(column, element);
  const write = singleWriter(column, type);
  return (value) => (value === null ? '{"v":null}' : `{"v":${write(value)}}`);
}

function arrayWriter(column: string, element: DuckDBType): CellWriter {
  const write = singleWriter(column, element);
  return (value) => {
    const cells = itemsOf(value).map((item) => {
      if (item === null)
        throw new BigQueryError(
          'invalidQuery',
          `Array cannot have a null element; error in writing field ${column}`,
        );
      return `{"v":${write(item)}}`;
    });
    return `{"v":[${cells.join(',')}]}`;
  };
}

function itemsOf(value: DuckDBValue): readonly DuckDBValue[] {
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items;
  if (value instanceof DuckDBMapValue)
    return value.entries.map(({ key, value }) => structValue({ key, value }));
  return [];
}

function singleWriter(column: string, type: DuckDBType): CellWriter {
  if (type instanceof DuckDBStructType) return structWriter(column, type);
  const isFloat = type.typeId === DuckDBTypeId.DOUBLE || type.typeId === DuckDBTypeId.FLOAT;
  return isFloat ? floatJson : scalarJson;
}

function structWriter(column: string, type: DuckDBStructType): CellWriter {
  const names = type.entryNames;
  const writers = type.entryTypes.map((entry, i) => cellWriter(`${column}.${names[i]}`, entry));
  return (value) => {
    const entries = value instanceof DuckDBStructValue ? value.entries : {};
    const cells = writers.map((write, i) => write(entries[names[i] ?? ''] ?? null));
    return `{"f":[${cells.join(',')}]}`;
  };
}

function floatJson(value: DuckDBValue): string {
  return JSON.stringify(floatText(Number(value)));
}

function scalarJson(value: DuckDBValue): string {
  return JSON.stringify(typeof value === 'string' ? value : scalarText(value));
}

function scalarText(value: DuckDBValue): string {
  if (value instanceof DuckDBTimestampTZValue) return String(value.micros);
  if (value instanceof DuckDBDecimalValue) return decimalText(value.value, value.scale);
  if (value instanceof DuckDBDateValue) return dateText(value.days);
  if (value instanceof DuckDBTimeValue) return timeText(value.micros);
  if (value instanceof DuckDBTimestampValue) return datetimeText(value.micros);
  if (value instanceof DuckDBTimestampNanosecondsValue) return datetimeText(value.nanos / 1000n);
  if (value instanceof DuckDBTimestampMillisecondsValue) return datetimeText(value.millis * 1000n);
  if (value instanceof DuckDBTimestampSecondsValue) return datetimeText(value.seconds * 1_000_000n);
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
  if (value instanceof DuckDBIntervalValue)
    return intervalText(value.months, value.days, value.micros);
  return String(value);
}
