import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { bounded } from '../bounded.ts';
import { QUEUE_COMMAND_MS } from '../redis/connect.ts';
import { warmAskedKey, warmDemandKey } from '../redis/keys.ts';

/** What was asked for some times, and by whom. */
export interface DemandNote {
  readonly fingerprint: string;
  readonly parameters: object;
  readonly asks: number;
  /** Short texts without spaces that tell callers apart. */
  readonly callers: readonly string[];
}

/** What is added to a query's demand, and when: milliseconds since the epoch. */
export interface DemandNotes {
  readonly notes: readonly DemandNote[];
  readonly now: number;
  /** More sets are not kept: those that are asked for least go first. */
  readonly mostSets: number;
  /** How long one of its flights usually runs, if that is known. */
  readonly usualRunMs: number | undefined;
}

/** A parameter set that is in demand. */
export interface AskedSet {
  /** As they were when it was asked for: the query may take others by now. */
  readonly parameters: unknown;
  /** How often it is asked for, if that goes on as of late. */
  readonly asksPerMs: number;
  /** How many different callers have asked for it, 16 at most. */
  readonly callers: number;
}

/** The demand for a query: its sets, most asked for first. */
export interface QueryDemand {
  readonly sets: readonly AskedSet[];
  readonly usualRunMs: number | undefined;
}

/** What the fleet has been asked for of late. Every call rejects within half a second when the queue role is away. */
export interface Demand {
  note(query: string, notes: DemandNotes): Promise<void>;
  /** At most so many sets, as the demand stands at an instant. */
  read(query: string, most: number, now: number): Promise<QueryDemand>;
}

/** After so long a set that nobody asks for any more counts half. */
export const HALF_LIFE_MS = 3_600_000;
/** So many callers of a set are told apart. */
export const MOST_CALLERS = 16;
/** By then what was in demand counts for next to nothing. */
const KEPT_MS = 24 * HALF_LIFE_MS;

/** Sets with longer parameters are not noted: ten thousand of them are kept for a query, in a store that evicts nothing. */
const MOST_BYTES = 2_048;

const NOTE = readFileSync(new URL('./note-demand.lua', import.meta.url), 'utf8');

/** The demand behind one connection to the queue role. */
export function createDemand(redis: Redis): Demand {
  return {
    async note(query, { notes, now, mostSets, usualRunMs }) {
      const facts = [KEPT_MS, mostSets, MOST_CALLERS, usualRunMs ?? ''];
      const added = notes.flatMap(({ fingerprint, parameters, asks, callers }) => {
        const text = JSON.stringify(parameters);
        if (Buffer.byteLength(text) > MOST_BYTES) return [];
        return [fingerprint, now / HALF_LIFE_MS + Math.log2(asks), text, callers.join(' ')];
      });
      const keys = [warmDemandKey(query), warmAskedKey(query)];
      const noting = redis.eval(NOTE, keys.length, ...keys, ...facts, ...added);
      await bounded(noting, QUEUE_COMMAND_MS, 'a note of demand');
    },
    async read(query, most, now) {
      const reading = readDemand(redis, query, most, now);
      return bounded(reading, QUEUE_COMMAND_MS, 'the demand for a query');
    },
  };
}

async function readDemand(
  redis: Redis,
  query: string,
  most: number,
  now: number,
): Promise<QueryDemand> {
  const key = warmDemandKey(query);
  const ranked = most > 0 ? await redis.zrevrange(key, 0, most - 1, 'WITHSCORES') : [];
  const scores = pairsOf(ranked);
  const fields = scores.flatMap(([fingerprint]) => [`p:${fingerprint}`, `c:${fingerprint}`]);
  const [run, ...texts] = await redis.hmget(warmAskedKey(query), 'run', ...fields);
  const sets = scores.flatMap(([, score], index): AskedSet[] => {
    const parameters = parsed(texts[2 * index]);
    if (parameters === undefined) return [];
    const callers = (texts[2 * index + 1] ?? '').split(' ').filter((one) => one !== '').length;
    return [{ parameters, callers, asksPerMs: asksPerMs(Number(score), now) }];
  });
  return { sets, usualRunMs: run ? Number(run) : undefined };
}

/** Where each ask counts half as much after a half-life, a steady rate comes to a sum of rate × half-life / ln 2. */
function asksPerMs(score: number, now: number): number {
  return (2 ** (score - now / HALF_LIFE_MS) * Math.LN2) / HALF_LIFE_MS;
}

function pairsOf(texts: readonly string[]): (readonly [string, string])[] {
  return Array.from({ length: texts.length / 2 }, (_, index) => [
    texts[2 * index] ?? '',
    texts[2 * index + 1] ?? '',
  ]);
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
