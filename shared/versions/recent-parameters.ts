import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import type { Parameters } from '../fingerprint.ts';
import { flightJobSchema } from '../queue/flight-job.ts';
import { recentParametersKey } from '../redis/keys.ts';

const MOST_KEPT = 20;
const KEPT_MS = 7 * 24 * 3_600_000;
/** Longer parameters are not noted. */
const MAX_BYTES = 8 * 1024;

const NOTE = readFileSync(new URL('./note-parameters.lua', import.meta.url), 'utf8');

/** With which parameters each query was asked of late: the last twenty sets that differ. */
export interface RecentParameters {
  note(query: string, parameters: Parameters): Promise<void>;
  /** The latest first. */
  read(query: string): Promise<readonly Parameters[]>;
}

/** The parameters behind one connection to the queue role. */
export function createRecentParameters(redis: Redis): RecentParameters {
  return {
    async note(query, parameters) {
      const text = sortedJson(parameters);
      if (Buffer.byteLength(text) > MAX_BYTES) return;
      await redis.eval(NOTE, 1, recentParametersKey(query), text, MOST_KEPT, KEPT_MS);
    },
    async read(query) {
      const texts = await redis.zrevrange(recentParametersKey(query), 0, MOST_KEPT - 1);
      return texts.flatMap(readParameters);
    },
  };
}

/** One text for parameters in any order. */
function sortedJson(parameters: Parameters): string {
  const byName = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(byName));
}

function readParameters(text: string): Parameters[] {
  try {
    return [flightJobSchema.shape.parameters.parse(JSON.parse(text))];
  } catch {
    return [];
  }
}
