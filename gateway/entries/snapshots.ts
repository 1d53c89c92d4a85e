import { bounded } from '../../shared/bounded.ts';
import type { Breaker } from '../../shared/breaker/breaker.ts';
import type { Entry } from '../../shared/entry/entry.ts';
import type { EntryStore } from '../../shared/entry/entry-store.ts';
import type { FaultEvents } from '../../shared/fault-events.ts';
import { CACHE_COMMAND_MS } from '../../shared/redis/connect.ts';

/** The entries that cursors page through, by their instants. */
export interface Snapshots {
  /** The snapshot that a cursor names, if it is still there. Never rejects. */
  readSnapshot(fingerprint: string, asOf: number): Promise<Entry | undefined>;
  /** Keeps an entry for the cursors that page through it; best effort. */
  keepSnapshot(fingerprint: string, asOf: number): Promise<void>;
}

/** Snapshots in the cache role, which is asked through its breaker: away, it has none. */
export function createSnapshots(
  store: Pick<EntryStore, 'readSnapshot' | 'keepSnapshot'>,
  breaker: Breaker,
  events: Pick<FaultEvents, 'redisError'>,
): Snapshots {
  const guarded = async <T>(call: () => Promise<T>): Promise<T | undefined> => {
    try {
      const made = await breaker.guard(() => bounded(call(), CACHE_COMMAND_MS, 'cache'));
      return made.open ? undefined : made.value;
    } catch (error) {
      events.redisError('cache', error);
      return undefined;
    }
  };
  return {
    async readSnapshot(fingerprint, asOf) {
      const found = await guarded(() => store.readSnapshot(fingerprint, asOf));
      return found?.kind === 'entry' ? found.entry : undefined;
    },
    async keepSnapshot(fingerprint, asOf) {
      await guarded(() => store.keepSnapshot(fingerprint, asOf));
    },
  };
}
