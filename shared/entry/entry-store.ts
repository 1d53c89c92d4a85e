import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { entryKey, snapshotKey } from '../redis/keys.ts';
import { decodeEntry } from './codec.ts';
import type { Entry } from './entry.ts';

const SNAPSHOT_MS = 15 * 60_000;
const STORE_ENTRY = readFileSync(new URL('./store-entry.lua', import.meta.url), 'utf8');

/** What stands under a fingerprint. `unreadable` bytes are a miss that somebody should hear of. */
export type Found =
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** An entry as the thread that made it hands it on: its bytes, and what they are filed under. */
export interface EncodedEntry {
  readonly fingerprint: string;
  readonly asOf: number;
  readonly bytes: Uint8Array;
}

/** Reads and writes entries in the cache role of Redis. Every method rejects when Redis does not answer. */
export interface EntryStore {
  /** One round trip for all of them, in their order. */
  readMany(fingerprints: readonly string[]): Promise<Found[]>;
  /** Stores an encoded entry for `lifetimeMs` unless a newer one is there; false says that the newer one was kept. */
  write(entry: EncodedEntry, lifetimeMs: number): Promise<boolean>;
  /** Keeps the entry readable by its `asOf` for 15 minutes, for cursors, whatever happens to the entry itself. */
  keepSnapshot(fingerprint: string, asOf: number): Promise<void>;
  readSnapshot(fingerprint: string, asOf: number): Promise<Found>;
}

/** The entries behind one connection. */
export function createEntryStore(redis: Redis): EntryStore {
  return {
    async readMany(fingerprints) {
      return Promise.all(fingerprints.map((key) => readEntry(redis, entryKey(key), key)));
    },
    async write(entry, lifetimeMs) {
      const key = entryKey(entry.fingerprint);
      return (
        (await redis.eval(
          STORE_ENTRY,
          1,
          key,
          Buffer.from(entry.bytes),
          entry.asOf,
          lifetimeMs,
        )) === 1
      );
    },
    async keepSnapshot(fingerprint, asOf) {
      const key = snapshotKey(fingerprint, asOf);
      // In one step: a copy without its lifetime would stay for ever.
      await redis.multi().copy(entryKey(fingerprint), key).pexpire(key, SNAPSHOT_MS).exec();
    },
    async readSnapshot(fingerprint, asOf) {
      const snapshot = await readEntry(redis, snapshotKey(fingerprint, asOf), fingerprint);
      // The copy may have met a newer entry: then the snapshot that was meant is gone.
      return snapshot.kind === 'entry' && snapshot.entry.asOf !== asOf
        ? { kind: 'none' }
        : snapshot;
    },
  };
}

async function readEntry(redis: Redis, key: string, fingerprint: string): Promise<Found> {
  try {
    return await found(await redis.getBuffer(key), fingerprint);
  } catch (error) {
    // A key that holds no string is as unreadable as a broken entry, and no sign of trouble with Redis.
    if (error instanceof Error && error.message.startsWith('WRONGTYPE'))
      return { kind: 'unreadable', why: 'no string' };
    throw error;
  }
}

async function found(value: Buffer | null, fingerprint: string): Promise<Found> {
  if (!value) return { kind: 'none' };
  const decoded = await decodeEntry(value, fingerprint);
  return decoded.ok
    ? { kind: 'entry', entry: decoded.entry }
    : { kind: 'unreadable', why: decoded.why };
}
