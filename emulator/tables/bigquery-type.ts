import { type DuckDBType, DuckDBTypeId } from '@duckdb/node-api';
import { quoteName } from './quote.ts';

/**
 * The DuckDB type, as SQL, in which the emulator holds values of a file's type: the one that stands for a BigQuery type.
 * Narrow numbers are widened (INT64, FLOAT64, NUMERIC) and moments without a zone stay so (DATETIME). Undefined where BigQuery has no such type.
 */
export function bigqueryType(type: DuckDBType): string | undefined {
  switch (type.typeId) {
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
      return arrayType(type.valueType);
    case DuckDBTypeId.STRUCT:
      return structType(type.entryNames, type.entryTypes);
    case DuckDBTypeId.DECIMAL:
      return fitsNumeric(type.width, type.scale) ? 'DECIMAL(38,9)' : undefined;
    case DuckDBTypeId.VARCHAR:
      return type.alias === 'JSON' ? 'JSON' : 'VARCHAR';
    default:
      return SCALARS.get(type.typeId);
  }
}

const SCALARS: ReadonlyMap<DuckDBTypeId, string> = new Map([
  [DuckDBTypeId.BOOLEAN, 'BOOLEAN'],
  [DuckDBTypeId.TINYINT, 'BIGINT'],
  [DuckDBTypeId.SMALLINT, 'BIGINT'],
  [DuckDBTypeId.INTEGER, 'BIGINT'],
  [DuckDBTypeId.BIGINT, 'BIGINT'],
  [DuckDBTypeId.UTINYINT, 'BIGINT'],
  [DuckDBTypeId.USMALLINT, 'BIGINT'],
  [DuckDBTypeId.UINTEGER, 'BIGINT'],
  [DuckDBTypeId.UBIGINT, 'DECIMAL(38,9)'],
  [DuckDBTypeId.FLOAT, 'DOUBLE'],
  [DuckDBTypeId.DOUBLE, 'DOUBLE'],
  [DuckDBTypeId.ENUM, 'VARCHAR'],
  [DuckDBTypeId.UUID, 'VARCHAR'],
  [DuckDBTypeId.BLOB, 'BLOB'],
  [DuckDBTypeId.DATE, 'DATE'],
  [DuckDBTypeId.TIME, 'TIME'],
  [DuckDBTypeId.TIMESTAMP, 'TIMESTAMP'],
  [DuckDBTypeId.TIMESTAMP_S, 'TIMESTAMP'],
  [DuckDBTypeId.TIMESTAMP_MS, 'TIMESTAMP'],
  [DuckDBTypeId.TIMESTAMP_NS, 'TIMESTAMP'],
  [DuckDBTypeId.TIMESTAMP_TZ, 'TIMESTAMPTZ'],
  [DuckDBTypeId.INTERVAL, 'INTERVAL'],
]);

/** BigQuery's NUMERIC: 29 digits before the point and 9 after it. */
function fitsNumeric(width: number, scale: number): boolean {
  return scale <= 9 && width - scale <= 29;
}

/** BigQuery has no arrays of arrays. */
function arrayType(valueType: DuckDBType): string | undefined {
  if (valueType.typeId === DuckDBTypeId.LIST || valueType.typeId === DuckDBTypeId.ARRAY) {
    return undefined;
  }
  const held = bigqueryType(valueType);
  return held === undefined ? undefined : `${held}[]`;
}

function structType(names: readonly string[], types: readonly DuckDBType[]): string | undefined {
  const fields: string[] = [];
  for (const [index, type] of types.entries()) {
    const held = bigqueryType(type);
    if (held === undefined) return undefined;
    fields.push(`${quoteName(names[index] ?? '')} ${held}`);
  }
  return `STRUCT(${fields.join(', ')})`;
}
