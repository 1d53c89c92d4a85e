import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';
import { type Query, queryNamed } from '../../shared/catalog/catalog.ts';
import { loadCatalog } from '../../shared/catalog/load-catalog.ts';
import { keepTidy } from '../../shared/tidy-heap.ts';
import { startBeat } from './beat.ts';
import { cancelJob } from './cancel-job.ts';
import { connectWarehouse, type WarehouseAddress } from './connect-warehouse.ts';
import { batchCargo, entryCargo } from './cargo.ts';
import { dryRun, type DryRun } from './dry-run.ts';
import { type Cargo, flyQuery } from './fly-query.ts';
import { lookAtTable, type TableLook } from './look-at-table.ts';
import { surviveStrayErrors } from './stray-errors.ts';
import type { QueryOutcome, QuerySuccess, Stop, ThreadTask } from './task.ts';
import { jobNamed } from './warehouse-job.ts';

/** What a thread is started with. */
export interface ThreadData {
  readonly warehouse: WarehouseAddress;
  readonly catalogFolder: string | undefined;
}

const { warehouse, catalogFolder, beat } = workerData as ThreadData & { beat: Int32Array };
const catalog = await loadCatalog(catalogFolder);
const client = connectWarehouse(warehouse);
surviveStrayErrors();
startBeat(beat);
keepTidy();

/** Answers at once: the thread has loaded and can run queries. */
export function ready(): true {
  return true;
}

const running = new Map<number, AbortController>();

/** Ends a task that is under way; one that is over is left alone. */
export function stop({ number, how }: Stop): void {
  running.get(number)?.abort(how);
}

/** Cancels a warehouse job that nobody waits for any more; true when the warehouse has confirmed it. */
export function cancel(warehouseJobId: string): Promise<boolean> {
  return cancelJob(jobNamed(client, warehouseJobId), { mayArrive: false });
}

/** Dry-runs a query of the catalog. Never rejects. */
export async function plan(query: string): Promise<DryRun> {
  return dryRun(client, queryNamed(catalog, query));
}

/** Reads how a table stands. Never rejects. */
export async function look(table: string): Promise<TableLook> {
  return lookAtTable(client, table);
}

/** Runs one query to its encoded entry, or entries, within its budget; failures come back as data, because errors lose their fields on the way. */
export default async function runQuery(task: ThreadTask): Promise<QueryOutcome> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort('timeout'), task.budgetMs);
  running.set(task.number, ending);
  try {
    const query = queryNamed(catalog, task.query);
    const outcome = await flyQuery(client, query, task, cargoOf(query, task), ending.signal);
    return outcome.ok ? movedOut(outcome) : outcome;
  } catch (error) {
    // Whoever hears of a rejection takes it for the end of the thread.
    return { ok: false, code: 'internal', detail: String(error), job: 'running' };
  } finally {
    clearTimeout(timer);
    running.delete(task.number);
  }
}

function cargoOf(query: Query, task: ThreadTask): Cargo {
  if (!('members' in task)) return entryCargo(query, task);
  if (!query.batch) throw new Error(`${query.name} is not a batched query`);
  return batchCargo(query, query.batch.by, task.members);
}

/** Piscina types what `move` gives as what is transferred, although whoever has asked for the run is given the value. */
function movedOut(outcome: QuerySuccess): QuerySuccess {
  const { buffer } = outcome.bytes;
  return move({ [transferableSymbol]: buffer, [valueSymbol]: outcome }) as unknown as QuerySuccess;
}
