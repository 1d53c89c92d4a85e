import { LRUCache } from 'lru-cache';
import type { Clock } from '../../shared/clock.ts';
import { type Entry, MOST_AHEAD_MS } from '../../shared/entry/entry.ts';
import { createKnownEpochs, type KnownEpochs } from '../../shared/epochs/known-epochs.ts';

/** The entries that a gateway process has seen of late, for when the store cannot be read or has lost them. */
export interface EntryMemory {
  /** Remembers the entry unless a newer one is remembered already. */
  keep(entry: Entry): void;
  /** As it stands by the epochs that are known by now. */
  get(fingerprint: string): Entry | undefined;
  /** What is remembered, in bytes; never more than the memory was made for. */
  readonly bytes: number;
}

/** What an entry takes beside its rows: its strings, its objects and its place in the map. */
const OVERHEAD_BYTES = 1_024;
/** The share of the memory that one entry may take at most: a large result must not push everything else out. */
const LARGEST_SHARE = 1 / 8;

/** An empty memory of `maxBytes`; the least recently used entries leave it first. */
export function createEntryMemory(
  maxBytes: number,
  clock: Clock,
  epochs: Pick<KnownEpochs, 'judge'> = createKnownEpochs({ clock }),
): EntryMemory {
  const entries = new LRUCache<string, Entry>({
    maxSize: maxBytes,
    maxEntrySize: Math.max(1, Math.floor(maxBytes * LARGEST_SHARE)),
    sizeCalculation: ({ rows }) => rows.byteLength + OVERHEAD_BYTES,
  });
  return {
    keep(entry) {
      const standing = entries.get(entry.fingerprint);
      if (standing && standing.asOf >= entry.asOf && !isAhead(standing, clock)) return;
      const { zstd: _, ...kept } = entry;
      entries.set(entry.fingerprint, kept);
    },
    get(fingerprint) {
      const entry = entries.get(fingerprint);
      return entry && epochs.judge(entry);
    },
    get bytes() {
      return entries.calculatedSize;
    },
  };
}

function isAhead({ asOf }: Entry, clock: Clock): boolean {
  return asOf > clock.now() + MOST_AHEAD_MS;
}
