import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import {
  byteSize,
  duration,
  durationOrOff,
  emulatorHost,
  oneOf,
  port,
  redisUrl,
  secret,
  text,
  whole,
} from './setting-rules.ts';

/** Everything that the environment decides, fully defaulted and frozen. Times are milliseconds, folders absolute. */
export type Config = Frozen<ReturnType<typeof toConfig>>;

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

/** What is wrong with the environment: one line for each variable. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The settings have ${problems.length} problem(s):\n${problems.map((p) => `  - ${p}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Every setting that the gateway and the workers read, with its rule and its default. */
export const settings = z.object({
  PORT: port(8080),
  HOST: text('127.0.0.1'),
  ADMIN_PORT: port(8081),
  ADMIN_HOST: text('127.0.0.1'),
  ADMIN_TOKEN: secret(16).optional(),
  GATEWAY_PROCESSES: whole(1, 64, availableParallelism()),
  WORKERS: whole(1, 64, 1),
  WORKER_PORT: port(8082),
  WORKER_HOST: text('127.0.0.1'),
  WORKER_THREADS: whole(1, 64, 2),
  LIVE_CONCURRENCY: whole(1, 1_000, 32),
  ANALYST_CONCURRENCY: whole(1, 1_000, 8),
  WARM_CONCURRENCY: whole(1, 1_000, 4),
  WARM: oneOf(['on', 'off'], 'on'),
  WARM_CALLERS: whole(1, 16, 2),
  REDIS_URL: redisUrl().optional(),
  REDIS_QUEUE_URL: redisUrl().optional(),
  REDIS_CACHE_URL: redisUrl().optional(),
  BIGQUERY_PROJECT: z.string().min(1).optional(),
  BIGQUERY_LOCATION: z.string().min(1).optional(),
  BIGQUERY_EMULATOR_HOST: emulatorHost().optional(),
  GOOGLE_APPLICATION_CREDENTIALS: z.string().min(1).optional(),
  CATALOG_DIR: z.string().min(1).optional(),
  ENTRY_MEMORY: byteSize('64MB', 1_000_000, 64_000_000_000),
  ANSWER_MEMORY: byteSize('32MB', 1_000_000, 64_000_000_000),
  ANSWER_WITHIN: duration('18s', 100, 19_000),
  QUERY_TIMEOUT: duration('15s', 100, 600_000),
  TABLE_WATCH: durationOrOff('30s', 1_000, 30_000),
  DATA_DIR: text('.data'),
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info'),
});

/** Reads the environment; throws a {@link ConfigError} that names every wrong variable, what was expected and what was got. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = settings.safeParse(given);
  if (parsed.success) return frozen(toConfig(parsed.data));
  throw new ConfigError(
    parsed.error.issues.map((issue) => {
      const name = issue.path.join('.');
      return `${name}: ${issue.message}, got "${withoutSecret(name, given[name] ?? '')}"`;
    }),
  );
}

function toConfig(env: z.output<typeof settings>) {
  const redisUrl = env.REDIS_URL ?? 'redis://127.0.0.1:6379';
  return {
    gateway: {
      host: env.HOST,
      port: env.PORT,
      processes: env.GATEWAY_PROCESSES,
      answerWithinMs: env.ANSWER_WITHIN,
      entryMemoryBytes: env.ENTRY_MEMORY,
      answerMemoryBytes: env.ANSWER_MEMORY,
    },
    admin: { host: env.ADMIN_HOST, port: env.ADMIN_PORT, token: env.ADMIN_TOKEN },
    worker: {
      processes: env.WORKERS,
      host: env.WORKER_HOST,
      port: env.WORKER_PORT,
      threads: env.WORKER_THREADS,
      tableWatchMs: env.TABLE_WATCH,
      concurrency: {
        live: env.LIVE_CONCURRENCY,
        analyst: env.ANALYST_CONCURRENCY,
        warm: env.WARM_CONCURRENCY,
      },
    },
    warm: { isOn: env.WARM === 'on', leastCallers: env.WARM_CALLERS },
    redis: {
      queueUrl: env.REDIS_QUEUE_URL ?? redisUrl,
      cacheUrl: env.REDIS_CACHE_URL ?? redisUrl,
    },
    warehouse: {
      projectId: env.BIGQUERY_PROJECT ?? 'punctual',
      location: env.BIGQUERY_LOCATION,
      emulatorUrl: env.BIGQUERY_EMULATOR_HOST,
      queryTimeoutMs: env.QUERY_TIMEOUT,
    },
    catalogFolder: env.CATALOG_DIR === undefined ? undefined : resolve(env.CATALOG_DIR),
    dataFolder: resolve(env.DATA_DIR),
    logLevel: env.LOG_LEVEL,
  };
}

function frozen<T extends object>(sections: T): Frozen<T> {
  for (const section of Object.values(sections)) {
    if (typeof section === 'object' && section !== null) frozen(section);
  }
  return Object.freeze(sections) as Frozen<T>;
}

/** What may be shown of a value: a token and a URL's password may not. */
function withoutSecret(name: string, value: string): string {
  if (name.endsWith('_TOKEN')) return '…';
  return value.replace(/(:\/\/[^:/@]*:)[^@]*@/, '$1…@');
}
