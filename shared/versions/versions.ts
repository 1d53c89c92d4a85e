import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import type { Query } from '../catalog/catalog.ts';
import { VERSION_TEXTS_KEY, VERSIONS_CHANNEL, VERSIONS_KEY } from '../redis/keys.ts';
import {
  type KnownVersion,
  knownVersionsSchema,
  textOf,
  type VersionText,
  versionTextSchema,
} from './known-version.ts';

/** The version before the one before is the last that anybody asks for: two releases may serve side by side. */
const MOST_VERSIONS = 3;
/** Longer than any entry is kept. */
const KEPT_MS = 90 * 24 * 3_600_000;
/** So many queries are registered in one call: other commands wait while a script runs. */
const QUERIES_PER_CALL = 50;
/** A longer text is not kept: its version can be served from, but not asked once more. */
const MAX_TEXT_BYTES = 256 * 1024;

const REGISTER = readFileSync(new URL('./register-versions.lua', import.meta.url), 'utf8');

/** The versions of all queries as they stand in Redis, where every process says which it has. */
export interface Versions {
  /** Says that these queries are served in these versions. */
  register(queries: readonly Query[]): Promise<void>;
  /** Every query's versions that there have been, newest first. */
  readAll(): Promise<ReadonlyMap<string, readonly KnownVersion[]>>;
  /** What a version asks; undefined when nobody knows it any more, or it was too long to be kept. */
  readText(query: string, version: string): Promise<VersionText | undefined>;
}

/** The versions behind one connection to the queue role. */
export function createVersions(redis: Redis): Versions {
  const register = async (queries: readonly Query[]) => {
    const about = [MOST_VERSIONS, KEPT_MS, VERSIONS_CHANNEL, ...queries.flatMap(described)];
    await redis.eval(REGISTER, 2, VERSIONS_KEY, VERSION_TEXTS_KEY, ...about);
  };
  return {
    async register(queries) {
      for (let from = 0; from < queries.length; from += QUERIES_PER_CALL)
        await register(queries.slice(from, from + QUERIES_PER_CALL));
    },
    async readAll() {
      const texts = Object.entries(await redis.hgetall(VERSIONS_KEY));
      return new Map(
        texts.map(([query, text]) => [query, parsed(text, knownVersionsSchema) ?? []] as const),
      );
    },
    async readText(query, version) {
      const text = await redis.hget(VERSION_TEXTS_KEY, textField(query, version));
      return text === null ? undefined : parsed(text, versionTextSchema);
    },
  };
}

function described(query: Query): string[] {
  const text = JSON.stringify(textOf(query));
  const kept = Buffer.byteLength(text) > MAX_TEXT_BYTES ? '' : text;
  return [query.name, query.version, query.rowShape, query.parametersShape, kept];
}

function textField(query: string, version: string): string {
  return `${query} ${version}`;
}

/** What another release wrote may be of another form: then it is as if nothing stood there. */
function parsed<T>(
  text: string,
  schema: { safeParse(value: unknown): { data?: T } },
): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
