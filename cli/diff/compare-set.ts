import type { Config } from '../../shared/config.ts';
import type { Parameters } from '../../shared/fingerprint.ts';
import { connectWarehouse } from '../../workers/thread/connect-warehouse.ts';
import { dryRun } from '../../workers/thread/dry-run.ts';
import { readRows, type RowsRead } from '../../workers/read-rows.ts';
import { amount } from '../processed.ts';
import { type ColumnsDifference, compareColumns } from './compare-columns.ts';
import { compareRows, type Row, type RowsDifference } from './compare-rows.ts';
import type { Side, Sides } from './sides.ts';

/** What a version came to with one set of parameters; what is not known is left out. */
export interface Measured {
  readonly version: string;
  /** By the warehouse's own dry run. */
  readonly bytes?: number;
  readonly rowCount?: number;
  readonly tookMs?: number;
  readonly problem?: string;
}

/** The two versions with one set of parameters; what differs is there when both have given rows. */
export interface SetComparison {
  readonly parameters: Parameters;
  readonly old: Measured;
  readonly new: Measured;
  readonly differs?: { readonly columns: ColumnsDifference; readonly rows: RowsDifference };
}

/** What a comparison says: `trouble` when a version could not be asked. */
export type Verdict = 'same' | 'differ' | 'trouble';

/** Asks both versions with the same parameters, first what it would cost, then for the rows unless it is a dry run. */
export async function compareSet(
  warehouse: Config['warehouse'],
  sides: Sides,
  parameters: Parameters,
  isDryRun: boolean,
): Promise<SetComparison> {
  const ask = (side: Side) => askSide(warehouse, side, parameters, isDryRun);
  const [old, next] = await Promise.all([ask(sides.old), ask(sides.next)]);
  const told = { parameters, old: old.measured, new: next.measured };
  if (!old.read?.ok || !next.read?.ok) return told;
  const columns = compareColumns(
    { columns: old.read.columns, declared: sides.old.declared },
    { columns: next.read.columns, declared: sides.next.declared },
  );
  const [before, after] = [old.read.rows, next.read.rows] as [readonly Row[], readonly Row[]];
  return { ...told, differs: { columns, rows: compareRows(before, after, columns.common) } };
}

/** Whether the two are alike: in columns, rows and order or, where no rows were read, in what they process. */
export function verdictOf({ old, new: next, differs }: SetComparison): Verdict {
  if (old.problem !== undefined || next.problem !== undefined) return 'trouble';
  if (!differs) return old.bytes === next.bytes ? 'same' : 'differ';
  const { columns, rows } = differs;
  const found = [
    columns.added,
    columns.removed,
    columns.retyped,
    rows.onlyOld,
    rows.onlyNew,
    rows.changed,
  ];
  return rows.reordered || found.some(({ length }) => length > 0) ? 'differ' : 'same';
}

interface AskedSide {
  readonly measured: Measured;
  readonly read?: RowsRead;
}

async function askSide(
  warehouse: Config['warehouse'],
  { query, parametersFor }: Side,
  given: Parameters,
  isDryRun: boolean,
): Promise<AskedSide> {
  const { version, policy } = query;
  const parameters = attempt(() => parametersFor(given));
  if (!parameters.ok) return { measured: { version, problem: parameters.problem } };
  const estimate = await dryRun(connectWarehouse(warehouse), query, parameters.value);
  if (!estimate.ok) return { measured: { version, problem: estimate.problem } };
  const { bytes } = estimate;
  if (isDryRun) return { measured: { version, bytes } };
  if (bytes > policy.maxBytesBilled) {
    const problem = `would process ${amount(bytes)}, its byte cap is ${amount(policy.maxBytesBilled)}`;
    return { measured: { version, bytes, problem } };
  }
  const read = await readRows(warehouse, query, parameters.value);
  if (!read.ok) return { measured: { version, bytes, problem: read.problem }, read };
  const { rows, tookMs } = read;
  return { measured: { version, bytes, rowCount: rows.length, tookMs }, read };
}

function attempt<T>(
  call: () => T,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string } {
  try {
    return { ok: true, value: call() };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}
