import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../until.ts';
import type { Chaos } from '../row.ts';
import type { StoreName } from './without-store.ts';

const everyMs = 50;
const script = `
local gone = 0
for _ = 1, tonumber(ARGV[1]) do
  local key = redis.call('RANDOMKEY')
  -- The lists of jobs are lost in a way of their own, below.
  if key and not string.find(key, ':wait$') and not string.find(key, ':active$') then
    gone = gone + redis.call('UNLINK', key)
  end
end
return gone`;

/** Empties a store at once and deletes keys at random from then on, for so long; how many went at random. */
export async function deleteKeys(chaos: Chaos, store: StoreName, forMs: number): Promise<number> {
  const endMs = performance.now() + forMs;
  let deleted = 0;
  await chaos.store.ask('command', store, 'FLUSHALL');
  while (performance.now() < endMs) {
    deleted += Number(await chaos.store.ask('command', store, 'EVAL', script, '0', '2'));
    await sleep(everyMs);
  }
  return deleted;
}

/**
 * Waits until every job has come to its end, removes what is left of jobs whose keys were deleted under them, and says how
 * much that was. BullMQ cannot find it any more, and writes it without a lifetime.
 */
export async function sweep(chaos: Chaos): Promise<number> {
  const isActive = async () => {
    const left = await chaos.store.ask('leavings');
    return left.some(({ what }) => /:(active|wait) |:lease /.test(what));
  };
  await until(async () => !(await isActive()), { withinMs: 20_000, everyMs: 250 });
  const { length } = await chaos.store.ask('leavings');
  await chaos.store.ask('command', 'queue', 'FLUSHALL');
  return length;
}
