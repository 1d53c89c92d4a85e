import type { Redis } from 'ioredis';
import { EPOCHS_KEY } from '../redis/keys.ts';
import { type Epoch, type Epochs, readEpochs } from './epoch.ts';
import type { KnownEpochs } from './known-epochs.ts';

/** Keeps what a process knows of the epochs in step with the store. */
export interface EpochReader {
  /**
   * Resolves once everything is known that stands there now; false when what is known here does not stand there any more. It
   * is one small read, in the same round trip as whatever is read in the same turn, unless something has moved since the last
   * look. Rejects with the store.
   */
  look(): Promise<boolean>;
}

/** A reader of the cache role that hands on what it finds. */
export function createEpochReader(redis: Redis, known: KnownEpochs): EpochReader {
  let seen = '';
  let hasAll = true;
  let reading: { readonly version: string; readonly done: Promise<void> } | undefined;
  const readAll = async () => {
    const fields = await unlessOdd(redis.hgetall(EPOCHS_KEY), {});
    const stored = readEpochs(fields);
    known.merge(stored);
    hasAll = holdsAll(stored, known.all);
    seen = fields[VERSION] ?? '';
  };
  return {
    async look() {
      const version = (await unlessOdd(redis.hget(EPOCHS_KEY, VERSION), null)) ?? '';
      const stands = () => (version === '' ? known.all.size === 0 : hasAll);
      if (version === seen) return stands();
      // Who has seen the same version has asked before that read was sent; who has seen another may not rely on it.
      if (reading?.version !== version) reading = { version, done: readAll() };
      await reading.done.finally(() => {
        if (reading?.version === version) reading = undefined;
      });
      return stands();
    },
  };
}

const VERSION = 'version';

function holdsAll(stored: Epochs, known: Epochs): boolean {
  const holds = (one: Epoch | undefined, other: Epoch) =>
    one !== undefined &&
    one.soft >= other.soft &&
    one.purge >= other.purge &&
    one.unchangedAt >= other.unchangedAt;
  for (const [field, epoch] of known) if (!holds(stored.get(field), epoch)) return false;
  return true;
}

/** A key that holds no hash holds no epochs, and is no sign of trouble with Redis. */
async function unlessOdd<T>(read: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return otherwise;
    throw error;
  }
}
