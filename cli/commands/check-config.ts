import { loadCatalog } from '../../shared/catalog/load-catalog.ts';
import { readConfig } from '../../shared/config.ts';
import type { Command } from '../command.ts';

/** `punctual check-config`: reads settings and catalog as the processes do, and names every problem. */
export const checkConfig: Command = {
  name: 'check-config',
  summary: 'Checks the settings and the catalog; names every problem, exit code 2',
  usage: '',
  options: [],
  async run({ env }) {
    const config = readConfig(env);
    const catalog = await loadCatalog(config.catalogFolder, config.warehouse.queryTimeoutMs);
    const { queries, endpoints } = catalog;
    return {
      text: `The settings are in order; the catalog has ${queries.size} queries and ${endpoints.size} endpoints.`,
      data: { config, queries: [...queries.keys()], endpoints: [...endpoints.keys()] },
      exitCode: 0,
    };
  },
};
