import { DuckDBListType, DuckDBStructType, type DuckDBType } from '@duckdb/node-api';
import { quoteName } from '../tables/quote.ts';

/** A DuckDB type as SQL names it, JSON included, which is to the driver only text. */
export function sqlType(type: DuckDBType): string {
  if (type.alias === 'JSON') return 'JSON';
  if (type instanceof DuckDBListType) return `${sqlType(type.valueType)}[]`;
  if (!(type instanceof DuckDBStructType)) return String(type);
  const entries = type.entryTypes.map(
    (entry, i) => `${quoteName(type.entryNames[i] ?? '')} ${sqlType(entry)}`,
  );
  return `STRUCT(${entries.join(', ')})`;
}
