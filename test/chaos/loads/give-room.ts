import type { Chaos } from '../row.ts';
import type { StoreName } from './without-store.ts';

/** What the servers of a stack may take. */
const usualBytes = 512 * 1024 * 1024;

/** Leaves a store so much memory, in bytes; as usual when left out. */
export async function giveRoom(chaos: Chaos, store: StoreName, bytes = usualBytes): Promise<void> {
  const room = String(Math.max(1, Math.floor(bytes)));
  await chaos.store.ask('command', store, 'CONFIG', 'SET', 'maxmemory', room);
}

/** How many bytes a store uses now. */
export async function usedBytes(chaos: Chaos, store: StoreName): Promise<number> {
  return (await chaos.store.ask('figures', store)).usedBytes;
}
