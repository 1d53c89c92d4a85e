import { loadCatalog } from '../../shared/catalog/load-catalog.ts';
import { parameterTypes } from '../../shared/catalog/parameter-types.ts';
import { readConfig } from '../../shared/config.ts';
import type { Command } from '../command.ts';
import { table } from '../table.ts';

/** `punctual queries`: the catalog as it would be served. */
export const queries: Command = {
  name: 'queries',
  summary: 'Lists the queries of the catalog with their parameters and bounds',
  usage: '',
  options: [],
  async run({ env }) {
    const config = readConfig(env);
    const catalog = await loadCatalog(config.catalogFolder, config.warehouse.queryTimeoutMs);
    const data = [...catalog.queries.values()].map((query) => ({
      name: query.name,
      version: query.version,
      summary: query.summary,
      // As callers give them; the SQL takes the parameter of a batch as an array.
      parameters: parameterTypes(query.parameters),
      policy: query.policy,
      batch: query.batch,
    }));
    const rows = data.map(({ name, parameters, policy, batch }) => ({
      query: name,
      class: policy.class,
      'fresh for': `${policy.freshForMs / 1_000} s`,
      timeout: `${policy.timeoutMs / 1_000} s`,
      'most billed': `${policy.maxBytesBilled / 1e6} MB`,
      batch: batch ? `${batch.most} by ${batch.by}` : '',
      parameters: Object.entries(parameters)
        .map(([key, type]) => `${key}:${String(type)}`)
        .join(' '),
    }));
    return { text: table(rows), data, exitCode: 0 };
  },
};
