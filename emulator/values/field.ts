import {
  DuckDBArrayType,
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
} from '@duckdb/node-api';
import { BigQueryError } from './bigquery-error.ts';

/** A column or struct field as `TableFieldSchema` of BigQuery's REST API describes it. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly mode: 'NULLABLE' | 'REPEATED';
  readonly fields?: readonly Field[];
}

/** Describes result columns of DuckDB types in BigQuery's terms; throws a BigQueryError for a type that BigQuery lacks. */
export function fieldsOf(names: readonly string[], types: readonly DuckDBType[]): readonly Field[] {
  return types.map((type, i) => fieldOf(names[i] ?? `f${i}_`, type));
}

/** Describes one column; an array becomes mode REPEATED, a struct type RECORD. */
export function fieldOf(name: string, type: DuckDBType): Field {
  const element = elementType(type);
  if (element === undefined) return singleField(name, type);
  if (elementType(element) !== undefined)
    throw new BigQueryError(
      'invalidQuery',
      `Cannot return column ${name}: an array with element type ARRAY is not a BigQuery type`,
    );
  return { ...singleField(name, element), mode: 'REPEATED' };
}

/** The type of an array's elements, or undefined if the type is no array; a DuckDB map counts as an array of key and value. */
export function elementType(type: DuckDBType): DuckDBType | undefined {
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) return type.valueType;
  if (type instanceof DuckDBMapType)
    return new DuckDBStructType(['key', 'value'], [type.keyType, type.valueType]);
  return undefined;
}

/** The names of a struct's fields as BigQuery gives them: unnamed ones become `_field_1`, `_field_2` … */
function structFieldNames(type: DuckDBStructType): readonly string[] {
  return type.entryNames.map((name, i) => (name === '' ? `_field_${i + 1}` : name));
}

function singleField(name: string, type: DuckDBType): Field {
  if (!(type instanceof DuckDBStructType))
    return { name, type: scalarName(name, type), mode: 'NULLABLE' };
  const fields = fieldsOf(structFieldNames(type), type.entryTypes);
  return { name, type: 'RECORD', mode: 'NULLABLE', fields };
}

function scalarName(column: string, type: DuckDBType): string {
  if (type instanceof DuckDBDecimalType) return type.scale > 9 ? 'BIGNUMERIC' : 'NUMERIC';
  if (type.alias === 'JSON') return 'JSON';
  const name = nameByTypeId[type.typeId];
  if (name !== undefined) return name;
  throw new BigQueryError(
    'invalidQuery',
    `Column ${column} has the type ${String(type)}, which is not supported by the emulator`,
  );
}

const nameByTypeId: Readonly<Partial<Record<DuckDBTypeId, string>>> = {
  [DuckDBTypeId.BOOLEAN]: 'BOOLEAN',
  [DuckDBTypeId.TINYINT]: 'INTEGER',
  [DuckDBTypeId.SMALLINT]: 'INTEGER',
  [DuckDBTypeId.INTEGER]: 'INTEGER',
  [DuckDBTypeId.BIGINT]: 'INTEGER',
  [DuckDBTypeId.UTINYINT]: 'INTEGER',
  [DuckDBTypeId.USMALLINT]: 'INTEGER',
  [DuckDBTypeId.UINTEGER]: 'INTEGER',
  [DuckDBTypeId.UBIGINT]: 'INTEGER',
  [DuckDBTypeId.HUGEINT]: 'INTEGER',
  [DuckDBTypeId.UHUGEINT]: 'INTEGER',
  [DuckDBTypeId.SQLNULL]: 'INTEGER',
  [DuckDBTypeId.FLOAT]: 'FLOAT',
  [DuckDBTypeId.DOUBLE]: 'FLOAT',
  [DuckDBTypeId.VARCHAR]: 'STRING',
  [DuckDBTypeId.ENUM]: 'STRING',
  [DuckDBTypeId.UUID]: 'STRING',
  [DuckDBTypeId.BLOB]: 'BYTES',
  [DuckDBTypeId.DATE]: 'DATE',
  [DuckDBTypeId.TIME]: 'TIME',
  [DuckDBTypeId.TIMESTAMP]: 'DATETIME',
  [DuckDBTypeId.TIMESTAMP_S]: 'DATETIME',
  [DuckDBTypeId.TIMESTAMP_MS]: 'DATETIME',
  [DuckDBTypeId.TIMESTAMP_NS]: 'DATETIME',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'TIMESTAMP',
  [DuckDBTypeId.INTERVAL]: 'INTERVAL',
};
