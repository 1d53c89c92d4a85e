import type { Breaker } from '../../shared/breaker/breaker.ts';
import { bounded } from '../../shared/bounded.ts';
import type { EntryStore, Found } from '../../shared/entry/entry-store.ts';
import type { GatewayEvents } from '../gateway-events.ts';
import type { EntryMemory } from './entry-memory.ts';

/** What is held under some fingerprints, in their order: in the store, or, where that has nothing or is down, in memory. */
export interface Reading {
  readonly found: readonly Found[];
  readonly storeDown: boolean;
}

/** Reads entries wherever they can be had. */
export interface EntryReader {
  /** One round trip, or none while the store's breaker is open. Never rejects. */
  read(fingerprints: readonly string[]): Promise<Reading>;
}

/** What a reader reads through, and whom it tells. */
export interface EntryReaderParts {
  readonly entries: Pick<EntryStore, 'readMany'>;
  /** The breaker of the cache role. */
  readonly breaker: Pick<Breaker, 'guard'>;
  readonly memory: EntryMemory;
  readonly events: Pick<GatewayEvents, 'redisError' | 'entryUnreadable'>;
  /** Longest wait for the store. */
  readonly boundMs: number;
}

const NOTHING = { kind: 'none' } as const;

/**
 * A reader that asks the store, remembers what it gives, and asks its memory for what the store does not have; what is
 * unreadable there is to be computed anew. Who asks for the same while it is being read joins that read: a crowd costs the
 * store, and the unpacking, one entry.
 */
export function createEntryReader(parts: EntryReaderParts): EntryReader {
  const underway = new Map<string, Promise<Reading>>();
  return {
    async read(fingerprints) {
      if (fingerprints.length === 0) return { found: [], storeDown: false };
      const what = fingerprints.join(' ');
      const joined = underway.get(what);
      if (joined) return joined;
      const reading = readAnew(parts, fingerprints).finally(() => underway.delete(what));
      underway.set(what, reading);
      return reading;
    },
  };
}

async function readAnew(
  parts: EntryReaderParts,
  fingerprints: readonly string[],
): Promise<Reading> {
  const { memory, events } = parts;
  const stored = await fromStore(parts, fingerprints);
  const found = fingerprints.map((fingerprint, index): Found => {
    const one = stored?.[index] ?? NOTHING;
    if (one.kind === 'unreadable') events.entryUnreadable(fingerprint, one.why);
    if (one.kind === 'entry') memory.keep(one.entry);
    if (one.kind !== 'none') return one;
    const entry = memory.get(fingerprint);
    return entry ? { kind: 'entry', entry } : one;
  });
  return { found, storeDown: stored === undefined };
}

/** Undefined when the store is away, too slow, or has just been so several times. */
async function fromStore(
  { entries, breaker, events, boundMs }: EntryReaderParts,
  fingerprints: readonly string[],
): Promise<readonly Found[] | undefined> {
  try {
    const guarded = await breaker.guard(() =>
      bounded(entries.readMany(fingerprints), boundMs, 'cache'),
    );
    return guarded.open ? undefined : guarded.value;
  } catch (error) {
    events.redisError('cache', error);
    return undefined;
  }
}
