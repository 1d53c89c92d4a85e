import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { type Clock, monotonicClock } from '../clock.ts';
import { createEpochReader } from '../epochs/epoch-reader.ts';
import { createKnownEpochs, type KnownEpochs } from '../epochs/known-epochs.ts';
import { entryKey, snapshotKey } from '../redis/keys.ts';
import { decodeEntry, MAX_STORED_BYTES } from './codec.ts';
import { type Entry, MOST_AHEAD_MS } from './entry.ts';

const SNAPSHOT_MS = 15 * 60_000;
/** What tells stored bytes apart: magic, checksum and header length. */
const FIRST_BYTES = 12;
const STORE_ENTRY = readFileSync(new URL('./store-entry.lua', import.meta.url), 'utf8');
const DISCARD_ENTRY = readFileSync(new URL('./discard-entry.lua', import.meta.url), 'utf8');

/** What stands under a fingerprint. `unreadable` bytes are a miss that somebody should hear of; they are removed. */
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

/**
 * Reads and writes entries in the cache role of Redis. What is read comes as it stands by the epochs of that moment: outdated,
 * or none where it was purged. Every method rejects when Redis does not answer.
 */
export interface EntryStore {
  /** One round trip for all of them, in their order; a second one when an epoch has moved. */
  readMany(fingerprints: readonly string[]): Promise<Found[]>;
  /** Stores an encoded entry for `lifetimeMs` unless a newer one is there; false says that the newer one was kept. */
  write(entry: EncodedEntry, lifetimeMs: number): Promise<boolean>;
  /** Keeps the entry readable by its `asOf` for 15 minutes, for cursors, whatever happens to the entry itself. */
  keepSnapshot(fingerprint: string, asOf: number): Promise<void>;
  readSnapshot(fingerprint: string, asOf: number): Promise<Found>;
}

/** The entries behind one connection; the clock tells a writer which stamps cannot be true, and what is read of epochs is made known. */
export function createEntryStore(
  redis: Redis,
  clock: Clock = monotonicClock,
  known: KnownEpochs = createKnownEpochs({ clock }),
): EntryStore {
  const epochs = createEpochReader(redis, known);
  const judged = (found: Found): Found => {
    if (found.kind !== 'entry') return found;
    const entry = known.judge(found.entry);
    return entry ? { kind: 'entry', entry } : { kind: 'none' };
  };
  return {
    async readMany(fingerprints) {
      if (fingerprints.length === 0) return [];
      const reads = fingerprints.map((key) => readEntry(redis, entryKey(key), key));
      const [, ...found] = await Promise.all([epochs.look(), ...reads]);
      return found.map(judged);
    },
    async write({ fingerprint, asOf, bytes }, lifetimeMs) {
      const latest = clock.now() + MOST_AHEAD_MS;
      const values = [Buffer.from(bytes), asOf, lifetimeMs, latest];
      return (await redis.eval(STORE_ENTRY, 1, entryKey(fingerprint), ...values)) === 1;
    },
    async keepSnapshot(fingerprint, asOf) {
      const key = snapshotKey(fingerprint, asOf);
      // In one step: a copy without its lifetime would stay for ever.
      await redis.multi().copy(entryKey(fingerprint), key).pexpire(key, SNAPSHOT_MS).exec();
    },
    async readSnapshot(fingerprint, asOf) {
      const reading = readEntry(redis, snapshotKey(fingerprint, asOf), fingerprint);
      const [, snapshot] = await Promise.all([epochs.look(), reading]);
      // The copy may have met a newer entry: then the snapshot that was meant is gone.
      return snapshot.kind === 'entry' && snapshot.entry.asOf !== asOf
        ? { kind: 'none' }
        : judged(snapshot);
    },
  };
}

async function readEntry(redis: Redis, key: string, fingerprint: string): Promise<Found> {
  const bytes = await readBytes(redis, key);
  if (bytes && bytes.length === 0) return { kind: 'none' };
  const decoded = bytes ? await decodeEntry(bytes, fingerprint) : NO_STRING;
  if (decoded.ok) return { kind: 'entry', entry: decoded.entry };
  // Left to the release that wrote it: the two may be serving side by side.
  if (decoded.foreign) return { kind: 'none' };
  discard(redis, key, bytes);
  return { kind: 'unreadable', why: decoded.why };
}

const NO_STRING = { ok: false, why: 'no string', foreign: undefined } as const;

/** One byte more than an entry may have shows that there are too many; undefined where no string stands. */
async function readBytes(redis: Redis, key: string): Promise<Buffer | undefined> {
  try {
    return await redis.getrangeBuffer(key, 0, MAX_STORED_BYTES);
  } catch (error) {
    // A key that holds no string is as unreadable as a broken entry, and no sign of trouble with Redis.
    if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return undefined;
    throw error;
  }
}

/** Nobody waits for it, and when it fails the next reader does it: what was found is told of already. */
function discard(redis: Redis, key: string, bytes: Buffer | undefined): void {
  const firstBytes = bytes?.subarray(0, FIRST_BYTES) ?? '';
  redis.eval(DISCARD_ENTRY, 1, key, firstBytes).catch(() => {});
}
