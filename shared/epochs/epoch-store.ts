import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { EPOCHS_CHANNEL, EPOCHS_KEY } from '../redis/keys.ts';
import { type Epoch, type Epochs, epochField, NO_EPOCH, writeEpoch, writeEpochs } from './epoch.ts';

/** How entries are invalidated: `soft` ends their freshness, `purge` makes them count as never stored. */
export const INVALIDATIONS = ['soft', 'purge'] as const;

/** One of {@link INVALIDATIONS}. */
export type Invalidation = (typeof INVALIDATIONS)[number];

/** Which entries are meant: all that are named by any member. */
export interface EpochTargets {
  readonly all?: true;
  readonly queries?: readonly string[];
  readonly fingerprint?: string;
}

/** Moves the epochs that all processes compare entries with. Every method rejects when the cache role does not answer. */
export interface EpochStore {
  /** Invalidates what was read at this instant or before; rejects with {@link TooManyEntriesError}. */
  invalidate(targets: EpochTargets, mode: Invalidation, at: number): Promise<void>;
  /** Says that the tables of these queries were unchanged at this instant. */
  confirmUnchanged(queries: readonly string[], at: number): Promise<void>;
  /** Brings back what the store has lost and somebody still knows, however many single entries that are. */
  restore(epochs: Epochs): Promise<void>;
}

/** The stores that epochs stand in and are announced through. */
export interface EpochStoreParts {
  readonly cache: Redis;
  readonly queue: Redis;
  /** How old an epoch may become, if that is known: older ones are forgotten when others move. */
  readonly keepMs?: () => number;
  /** Epochs have moved, and nobody could be told: each process learns of it by its next look. */
  readonly onUntold?: (error: unknown) => void;
}

/** Entries that can be invalidated one by one at a time: each costs every process some bytes for as long as its query's entries may be served. */
export const MOST_SINGLE_ENTRIES = 1_000;

/** More single entries than are kept track of; none of those before is forgotten for a new one. */
export class TooManyEntriesError extends Error {
  constructor() {
    super(`${MOST_SINGLE_ENTRIES} single entries are invalidated already`);
    this.name = 'TooManyEntriesError';
  }
}

const MOVE_EPOCHS = readFileSync(new URL('./move-epochs.lua', import.meta.url), 'utf8');

/** The epochs behind one connection to each role. */
export function createEpochStore({ cache, queue, keepMs, onUntold }: EpochStoreParts): EpochStore {
  const move = async (epochs: Epochs, mostEntries: number, forgetBefore = 0) => {
    if (epochs.size === 0) return;
    const pairs = [...epochs].flatMap(([field, epoch]) => [field, writeEpoch(epoch)]);
    const values = [crypto.randomUUID(), forgetBefore, mostEntries, ...pairs];
    if ((await cache.eval(MOVE_EPOCHS, 1, EPOCHS_KEY, ...values)) === 0)
      throw new TooManyEntriesError();
    // They have moved: a hint that fails costs its readers the second until they look by themselves.
    await queue
      .publish(EPOCHS_CHANNEL, writeEpochs(epochs))
      .catch((error: unknown) => onUntold?.(error));
  };
  return {
    async invalidate(targets, mode, at) {
      const epoch = { ...NO_EPOCH, [mode]: at };
      const forgetBefore = keepMs ? Math.floor(Math.max(0, at - keepMs())) : 0;
      await move(each(fieldsOf(targets), epoch), MOST_SINGLE_ENTRIES, forgetBefore);
    },
    async confirmUnchanged(queries, at) {
      const epoch = { ...NO_EPOCH, unchangedAt: at };
      await move(each(queries.map(epochField.query), epoch), MOST_SINGLE_ENTRIES);
    },
    restore: (epochs) => move(epochs, Number.MAX_SAFE_INTEGER),
  };
}

function fieldsOf({ all, queries = [], fingerprint }: EpochTargets): string[] {
  return [
    ...(all ? [epochField.all] : []),
    ...queries.map(epochField.query),
    ...(fingerprint === undefined ? [] : [epochField.entry(fingerprint)]),
  ];
}

function each(fields: readonly string[], epoch: Epoch): Epochs {
  return new Map(fields.map((field) => [field, epoch]));
}
