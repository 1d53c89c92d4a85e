import type { Redis } from 'ioredis';
import { z } from 'zod';
import { SEEN_TABLES_KEY, TOLD_CHANGES_KEY } from '../../shared/redis/keys.ts';

/** What was seen of a table; instants are milliseconds since the epoch, by the fleet's clock. */
export interface SeenTable {
  /** When it last changed, as the warehouse writes it: compared, never calculated with. */
  readonly modified: string;
  readonly streaming: boolean;
  /** When its last change was noticed. */
  readonly changedAt: number;
  readonly seenAt: number;
}

/** What the fleet's watchers have left for each other. */
export interface WatchHistory {
  readonly seen: ReadonlyMap<string, SeenTable>;
  /** By query: the `changedAt` that its entries were last invalidated for. */
  readonly told: ReadonlyMap<string, number>;
}

/** Keeps the history. Every method rejects when the queue role does not answer. */
export interface WatchRecord {
  read(): Promise<WatchHistory>;
  noteSeen(tables: ReadonlyMap<string, SeenTable>): Promise<void>;
  noteTold(queries: readonly string[], at: number): Promise<void>;
  forget(tables: readonly string[], queries: readonly string[]): Promise<void>;
}

const seenSchema = z.object({
  modified: z.string(),
  streaming: z.boolean(),
  changedAt: z.number(),
  seenAt: z.number(),
});

/** The record behind one connection to the queue role. */
export function createWatchRecord(queue: Redis): WatchRecord {
  return {
    async read() {
      const [seen, told] = await Promise.all([
        queue.hgetall(SEEN_TABLES_KEY),
        queue.hgetall(TOLD_CHANGES_KEY),
      ]);
      return { seen: new Map(readable(seen)), told: new Map(numbers(told)) };
    },
    async noteSeen(tables) {
      if (tables.size === 0) return;
      const fields = [...tables].map(([table, seen]) => [table, JSON.stringify(seen)] as const);
      await queue.hset(SEEN_TABLES_KEY, new Map(fields));
    },
    async noteTold(queries, at) {
      await queue.hset(TOLD_CHANGES_KEY, new Map(queries.map((query) => [query, at])));
    },
    async forget(tables, queries) {
      if (tables.length > 0) await queue.hdel(SEEN_TABLES_KEY, ...tables);
      if (queries.length > 0) await queue.hdel(TOLD_CHANGES_KEY, ...queries);
    },
  };
}

/** What cannot be read was never seen: that invalidates too much rather than too little. */
function* readable(fields: Record<string, string>): Generator<[string, SeenTable]> {
  for (const [table, text] of Object.entries(fields)) {
    const seen = parseSeen(text);
    if (seen) yield [table, seen];
  }
}

function parseSeen(text: string): SeenTable | undefined {
  try {
    return seenSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function* numbers(fields: Record<string, string>): Generator<[string, number]> {
  for (const [query, text] of Object.entries(fields))
    if (Number.isFinite(Number(text))) yield [query, Number(text)];
}
