import type { DuckDBConnection } from '@duckdb/node-api';
import type { MountedTable } from '../tables/mounted-table.ts';
import { quoteName } from '../tables/quote.ts';
import { ensureDataset } from '../tables/schema.ts';
import { BigQueryError } from '../values/bigquery-error.ts';
import { tableSql } from './table-name.ts';

/** The catalog that mounted folders live in; every project sees its tables as its own. */
export const mountsProjectId = 'mounted-tables';

/** The project of the generated dataset; read-only. */
export const publicProjectId = 'bigquery-public-data';

const maxProjects = 256;
const reserved = new Set(['memory', 'system', 'temp', 'googlesql', mountsProjectId]);

/** Makes projects as URLs name them: any id will do, and each begins as views of the mounted tables. */
export class Projects {
  readonly #connection: DuckDBConnection;
  readonly #mounts: readonly MountedTable[];
  readonly #known = new Map<string, Promise<void>>();

  constructor(connection: DuckDBConnection, mounts: readonly MountedTable[]) {
    this.#connection = connection;
    this.#mounts = mounts;
  }

  /** Makes sure that a project is there; rejects with a BigQueryError for an impossible id. */
  async ensure(projectId: string): Promise<void> {
    if (!this.#known.has(projectId)) this.#known.set(projectId, this.#make(projectId));
    await this.#known.get(projectId);
  }

  async #make(projectId: string): Promise<void> {
    try {
      this.#refuseImpossible(projectId);
      await this.#connection.run(`ATTACH IF NOT EXISTS ':memory:' AS ${quoteName(projectId)}`);
      if (projectId !== publicProjectId) await this.#aliasMounts(projectId);
    } catch (error) {
      this.#known.delete(projectId);
      throw error;
    }
  }

  #refuseImpossible(projectId: string): void {
    if (!/^[\w.:-]{1,63}$/.test(projectId) || reserved.has(projectId.toLowerCase()))
      throw new BigQueryError('invalid', `Invalid project ID '${projectId}'`);
    if (this.#known.size >= maxProjects)
      throw new BigQueryError(
        'quotaExceeded',
        `Quota exceeded: the emulator keeps ${maxProjects} projects at most`,
      );
  }

  async #aliasMounts(projectId: string): Promise<void> {
    for (const source of this.#mounts) {
      await ensureDataset(this.#connection, projectId, source.datasetId);
      await this.#connection.run(
        `CREATE OR REPLACE VIEW ${tableSql({ ...source, projectId })} AS SELECT * FROM ${tableSql(source)}`,
      );
    }
  }
}
