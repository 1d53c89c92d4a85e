import type { DuckDBConnection } from '@duckdb/node-api';
import { arrayMacros } from './macros/arrays.ts';
import { dateMacros } from './macros/dates.ts';
import { jsonMacros } from './macros/json.ts';
import { numberMacros } from './macros/numbers.ts';
import { stringMacros } from './macros/strings.ts';

/**
 * Installs what translated statements call, once per DuckDB instance: macros in a catalog of their own, `googlesql`,
 * which every connection reaches whatever catalog it uses, and BigQuery's time zone and order of NULLs. CURRENT_TIMESTAMP
 * and its kin are `clockShiftDays` ahead of the machine's clock, so that "this week" is the data's.
 */
export async function defineFunctions(
  connection: DuckDBConnection,
  clockShiftDays = 0,
): Promise<void> {
  await connection.run("ATTACH IF NOT EXISTS ':memory:' AS googlesql");
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  await connection.run("SET GLOBAL default_null_order = 'nulls_first_on_asc_last_on_desc'");
  const clock = `this_instant() AS now() + INTERVAL (${Math.trunc(clockShiftDays)}) DAY`;
  const macros = [
    clock,
    ...numberMacros,
    ...stringMacros,
    ...arrayMacros,
    ...dateMacros,
    ...jsonMacros,
  ];
  for (const macro of macros) {
    await connection.run(`CREATE OR REPLACE MACRO googlesql.main.${macro}`);
  }
}
