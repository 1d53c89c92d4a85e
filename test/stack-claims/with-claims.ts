import { fileURLToPath } from 'node:url';
import { loadCatalog } from '../../shared/catalog/load-catalog.ts';
import { queryNamed } from '../../shared/catalog/catalog.ts';
import { monotonicClock } from '../../shared/clock.ts';
import { encodeEntry } from '../../shared/entry/codec.ts';
import type { Entry } from '../../shared/entry/entry.ts';
import { createEntryStore } from '../../shared/entry/entry-store.ts';
import { fingerprint, type Parameters } from '../../shared/fingerprint.ts';
import { connectRedis } from '../../shared/redis/connect.ts';
import { entryKey, wantsKey, warehouseJobKey } from '../../shared/redis/keys.ts';
import type { Answer } from '../get.ts';
import { until } from '../until.ts';
import {
  type EmulatorJob,
  type TestStack,
  withStack,
  type WithStackOptions,
} from '../with-stack.ts';

/** A query of the claims' catalog with its parameters. */
export interface Asked {
  readonly query: string;
  readonly parameters: Record<string, unknown>;
}

/** A stack over the claims' catalog, with a view of what is stored and what the warehouse ran for a question. */
export interface ClaimsStack extends TestStack {
  /** GET of a query by itself. */
  ask(asked: Asked, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  fingerprintOf(asked: Asked): string;
  /** The warehouse jobs that were started for the question, oldest first. */
  jobsOf(asked: Asked): Promise<readonly EmulatorJob[]>;
  /** The id that is written down for the question's warehouse job while it is flown, whether or not the job has begun. */
  jobIdOf(asked: Asked): Promise<string | null>;
  /** How many gateway processes wait for the question's flight. */
  watchersOf(asked: Asked): Promise<number>;
  /** What stands in the cache for the question. */
  stored(asked: Asked): Promise<Entry | undefined>;
  /** Stores these rows for the question as if they had been read so long ago; returns their `asOf`. */
  put(asked: Asked, rows: readonly object[], ageMs: number): Promise<number>;
  /** Stores any bytes where the question's entry belongs. */
  putBytes(asked: Asked, bytes: Buffer): Promise<void>;
  /** The bytes that stand in the cache for the question; empty when there are none. */
  storedBytes(asked: Asked): Promise<Buffer>;
  /** Empties the queue role. */
  forgetQueue(): Promise<void>;
  /** Empties the cache role. */
  forgetStored(): Promise<void>;
  /** Every key of the queue role. */
  queueKeys(): Promise<readonly string[]>;
  /** Waits until the question's entry differs from what it was as of an instant. */
  untilNewer(asked: Asked, asOf: number): Promise<Entry>;
}

const catalogDir = fileURLToPath(new URL('./catalog', import.meta.url));
const emulatorDataDir = fileURLToPath(new URL('./tables', import.meta.url));
const dayMs = 24 * 3_600_000;

/** Starts a stack that serves the claims' catalog over a small table and no generated data. */
export async function withClaims(options: WithStackOptions = {}): Promise<ClaimsStack> {
  const env = { WORKER_THREADS: '1', ...options.env };
  const catalog = await loadCatalog(catalogDir);
  const stack = await withStack({ scale: 0, catalogDir, emulatorDataDir, ...options, env });
  const redis = connectRedis(stack.redis.cacheUrl, 'subscriber', { onError: () => {} });
  const queue = connectRedis(stack.redis.queueUrl, 'subscriber', { onError: () => {} });
  const entries = createEntryStore(redis);

  const fingerprintOf = ({ query: name, parameters }: Asked) => {
    const { version, parameters: schema } = queryNamed(catalog, name);
    const checked = schema.parse(parameters) as Parameters;
    return fingerprint({ query: name, version, scope: 'public', parameters: checked });
  };
  const stored = async (asked: Asked) => {
    const [found] = await entries.readMany([fingerprintOf(asked)]);
    return found?.kind === 'entry' ? found.entry : undefined;
  };
  const putBytes = async (asked: Asked, bytes: Buffer) => {
    await redis.set(entryKey(fingerprintOf(asked)), bytes, 'PX', dayMs);
  };
  const stop = async () => {
    redis.disconnect();
    queue.disconnect();
    await stack.stop();
  };
  return {
    ...stack,
    fingerprintOf,
    jobIdOf: (asked) => queue.get(warehouseJobKey(fingerprintOf(asked))),
    watchersOf: (asked) => queue.zcount(wantsKey(fingerprintOf(asked)), 1, '+inf'),
    stored,
    putBytes,
    forgetStored: async () => {
      await redis.flushall();
    },
    forgetQueue: async () => {
      await queue.flushall();
    },
    storedBytes: async (asked) =>
      (await redis.getBuffer(entryKey(fingerprintOf(asked)))) ?? Buffer.alloc(0),
    queueKeys: () => queue.keys('*'),
    ask: (asked, headers) => stack.get(pathOf(asked), headers),
    jobsOf: async (asked) => {
      const mark = fingerprintOf(asked).slice(0, 12);
      const jobs = await stack.jobs();
      return jobs.filter(({ jobId }) => jobId.includes(mark)).toReversed();
    },
    put: async (asked, rows, ageMs) => {
      const asOf = monotonicClock.now() - ageMs;
      const { version } = queryNamed(catalog, asked.query);
      const identity = { fingerprint: fingerprintOf(asked), query: asked.query, version };
      const text = Buffer.from(JSON.stringify(rows));
      const bytes = await encodeEntry({ ...identity, asOf, rowCount: rows.length, rows: text });
      await putBytes(asked, bytes);
      return asOf;
    },
    untilNewer: (asked, asOf) =>
      until(
        async () => {
          const entry = await stored(asked);
          return entry && entry.asOf > asOf ? entry : undefined;
        },
        { what: `an entry of ${asked.query} newer than ${asOf}` },
      ),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The path of a query's own route with its parameters. */
export function pathOf({ query, parameters }: Asked): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) search.append(name, String(value));
  return `/api/v1/queries/${query}?${search.toString()}`;
}
