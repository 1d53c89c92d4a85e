import type { Redis } from 'ioredis';
import { z } from 'zod';
import { QUERY_TABLES_KEY } from '../redis/keys.ts';

/** The tables that a version of a query reads, each `project.dataset.table`. */
export interface TablesOfQuery {
  readonly version: string;
  readonly tables: readonly string[];
}

/** Which tables each query reads, as the fleet knows it. Every method rejects when the queue role does not answer. */
export interface QueryTables {
  /** By query; one whose tables nobody has found yet is not in it. */
  read(): Promise<ReadonlyMap<string, TablesOfQuery>>;
  write(query: string, version: string, tables: readonly string[]): Promise<void>;
  forget(queries: readonly string[]): Promise<void>;
}

const tablesSchema = z.object({ version: z.string(), tables: z.array(z.string()) });

/** The tables behind one connection to the queue role. */
export function createQueryTables(queue: Redis): QueryTables {
  return {
    async read() {
      const known = new Map<string, TablesOfQuery>();
      for (const [query, text] of Object.entries(await queue.hgetall(QUERY_TABLES_KEY))) {
        const tables = parseTables(text);
        if (tables) known.set(query, tables);
      }
      return known;
    },
    async write(query, version, tables) {
      await queue.hset(QUERY_TABLES_KEY, query, JSON.stringify({ version, tables }));
    },
    async forget(queries) {
      if (queries.length > 0) await queue.hdel(QUERY_TABLES_KEY, ...queries);
    },
  };
}

function parseTables(text: string): TablesOfQuery | undefined {
  try {
    return tablesSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
