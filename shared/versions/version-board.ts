import type { Redis } from 'ioredis';
import type { Query } from '../catalog/catalog.ts';
import { VERSIONS_CHANNEL } from '../redis/keys.ts';
import { createLookout } from '../redis/lookout.ts';
import type { KnownVersion } from './known-version.ts';
import { createVersions } from './versions.ts';

/** What a version board looks at, and what it registers. */
export interface VersionBoardOptions {
  /** A connection for requests to the queue role. */
  readonly redis: Redis;
  /** A connection for channels of the queue role; others may listen on it too. */
  readonly subscriber: Redis;
  /** The queries that this process serves. */
  readonly queries: readonly Query[];
  /** How often it looks without a hint. */
  readonly everyMs?: number;
  readonly onError: (error: unknown) => void;
}

/** What a process knows of its queries' versions, always at hand. While Redis is away, what was known last stands. */
export interface VersionBoard {
  /** The newest version of the query that is not this one; undefined while none is known. */
  otherThan(query: Pick<Query, 'name' | 'version'>): KnownVersion | undefined;
  /** Registers and looks now, at every hint, whenever Redis comes back, and every five seconds. */
  start(): void;
  stop(): void;
  /** Registers what has to be, and looks; resolves when the board shows what stood there. Never rejects. */
  tick(): Promise<void>;
}

const LOOK_EVERY_MS = 5_000;

/** A board that knows no version until it has looked. */
export function createVersionBoard(options: VersionBoardOptions): VersionBoard {
  const { redis, subscriber, queries, everyMs = LOOK_EVERY_MS, onError } = options;
  const versions = createVersions(redis);
  let known: ReadonlyMap<string, readonly KnownVersion[]> = new Map();
  let registered = false;
  let looks = 0;
  let shown = 0;

  async function tick(): Promise<void> {
    const look = ++looks;
    try {
      if (!registered) await versions.register(queries);
      const seen = await versions.readAll();
      // A look that was overtaken by a later one may have seen less.
      if (look < shown) return;
      shown = look;
      known = seen;
      // Only what is gone altogether is registered anew: releases that push each other off a list would never come to rest.
      registered = queries.every(({ name }) => seen.has(name));
    } catch (error) {
      onError(error);
    }
  }
  const lookout = createLookout({
    redis,
    subscriber,
    channel: VERSIONS_CHANNEL,
    everyMs,
    look: () => void tick(),
    onBack: () => (registered = false),
    onError,
  });
  return {
    otherThan: ({ name, version }) => known.get(name)?.find((one) => one.version !== version),
    tick,
    ...lookout,
  };
}
