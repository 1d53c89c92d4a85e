import type { Query } from '../../shared/catalog/catalog.ts';
import { loadCatalog } from '../../shared/catalog/load-catalog.ts';
import { readConfig } from '../../shared/config.ts';
import { connectWarehouse } from '../../workers/thread/connect-warehouse.ts';
import { type DryRun, dryRun } from '../../workers/thread/dry-run.ts';
import type { Command } from '../command.ts';
import { amount, dollars } from '../processed.ts';
import { table } from '../table.ts';

/** `punctual estimate`: what every query of the catalog would process, by the warehouse's own dry run, which costs nothing. */
export const estimate: Command = {
  name: 'estimate',
  summary:
    'Dry-runs every query and says what it would process, and whether its byte cap allows it',
  usage: '',
  options: [],
  async run({ env }) {
    const config = readConfig(env);
    const catalog = await loadCatalog(config.catalogFolder, config.warehouse.queryTimeoutMs);
    const warehouse = connectWarehouse(config.warehouse);
    const estimates = await Promise.all(
      [...catalog.queries.values()].map(async (query) =>
        describe(query, await dryRun(warehouse, query)),
      ),
    );
    const failed = estimates.some((one) => one.verdict !== 'ok');
    return { text: table(estimates.map(row)), data: estimates, exitCode: failed ? 1 : 0 };
  },
};

function describe(query: Query, planned: DryRun) {
  const { maxBytesBilled } = query.policy;
  if (!planned.ok)
    return { query: query.name, bytes: undefined, maxBytesBilled, verdict: planned.problem };
  const verdict = planned.bytes > maxBytesBilled ? 'above its byte cap' : 'ok';
  return { query: query.name, bytes: planned.bytes, maxBytesBilled, verdict };
}

function row({ query, bytes, maxBytesBilled, verdict }: ReturnType<typeof describe>) {
  return {
    query,
    processes: bytes === undefined ? '' : amount(bytes),
    'on demand': bytes === undefined ? '' : dollars(bytes),
    'most billed': `${maxBytesBilled / 1e6} MB`,
    verdict,
  };
}
