import { z } from 'zod';

/** The emulator, by its own routes: told to be slow, and asked what it was asked. */
export interface Warehouse {
  /** From now on jobs take so much longer than they need: all of them, or those of one query. */
  slowDown(latencyMs: number, query?: string): Promise<void>;
  /** From now on it is as fast as it can be. */
  heal(): Promise<void>;
  /** The jobs since they were last forgotten, oldest first. */
  jobs(): Promise<readonly WarehouseJob[]>;
  /** Forgets those that have ended. */
  forgetJobs(): Promise<void>;
}

/** A job by the warehouse's own account. */
export interface WarehouseJob {
  readonly query: string;
  /** From when it was made to its end; undefined while it has none. */
  readonly tookMs: number | undefined;
}

const jobList = z.array(
  z
    .object({ query: z.string().nullable(), createdAt: z.string(), endedAt: z.string().nullable() })
    .transform(({ query, createdAt, endedAt }) => ({
      query: query ?? '',
      tookMs: endedAt === null ? undefined : Date.parse(endedAt) - Date.parse(createdAt),
    })),
);

/** The warehouse at the emulator's address. */
export function warehouseAt(emulator: string): Warehouse {
  const call = async (method: string, path: string, body?: unknown): Promise<string> => {
    const response = await fetch(`${emulator}/emulator/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the emulator refused ${method} ${path}: ${text}`);
    return text;
  };
  return {
    async slowDown(latencyMs, query) {
      await call('PUT', 'faults', [{ latencyMs, match: query === undefined ? {} : { query } }]);
    },
    async heal() {
      await call('DELETE', 'faults');
    },
    jobs: async () => jobList.parse(JSON.parse(await call('GET', 'jobs'))),
    async forgetJobs() {
      await call('DELETE', 'jobs');
    },
  };
}
