import { duckName } from './literal.ts';
import type { Range, Rewrite } from './rewrite.ts';
import { UnsupportedSql } from './sql-error.ts';

const scalars: Readonly<Record<string, string>> = {
  INT64: 'BIGINT',
  INT: 'BIGINT',
  INTEGER: 'BIGINT',
  BIGINT: 'BIGINT',
  SMALLINT: 'BIGINT',
  TINYINT: 'BIGINT',
  BYTEINT: 'BIGINT',
  FLOAT64: 'DOUBLE',
  NUMERIC: 'DECIMAL(38, 9)',
  DECIMAL: 'DECIMAL(38, 9)',
  BOOL: 'BOOLEAN',
  BOOLEAN: 'BOOLEAN',
  STRING: 'VARCHAR',
  BYTES: 'BLOB',
  DATE: 'DATE',
  DATETIME: 'TIMESTAMP',
  TIME: 'TIME',
  TIMESTAMP: 'TIMESTAMPTZ',
  JSON: 'JSON',
};

/** The DuckDB type for a GoogleSQL type. Throws for types that DuckDB cannot hold exactly. */
export function duckType(sql: Rewrite, { first, last }: Range): string {
  const name = sql.word(first);
  const inner = { first: first + 2, last: last - 1 };
  if (name === 'ARRAY' && sql.word(first + 1) === '<') return `${duckType(sql, inner)}[]`;
  if (name === 'STRUCT' && sql.word(first + 1) === '<') return structType(sql, inner);
  if (['BIGNUMERIC', 'BIGDECIMAL', 'GEOGRAPHY', 'INTERVAL', 'RANGE'].includes(name)) {
    throw new UnsupportedSql(`The type ${name}`);
  }
  const scalar = scalars[name];
  if (scalar === undefined) {
    throw sql.error(first, `Type not found: ${sql.token(first).text}`);
  }
  const hasPrecision = scalar.startsWith('DECIMAL') && sql.word(first + 1) === '(';
  return hasPrecision ? `DECIMAL${sql.source({ first: first + 1, last })}` : scalar;
}

function structType(sql: Rewrite, range: Range): string {
  const fields = sql.split(range).map((field, index) => {
    const isNamed = field.last > field.first && sql.word(field.first + 1) !== '<';
    const name = isNamed ? sql.token(field.first).value : `_field_${index + 1}`;
    const type = isNamed ? { first: field.first + 1, last: field.last } : field;
    return `${duckName(name)} ${duckType(sql, type)}`;
  });
  return `STRUCT(${fields.join(', ')})`;
}
