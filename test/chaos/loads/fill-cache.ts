import type { Chaos } from '../row.ts';

const script = `
for number = 1, tonumber(ARGV[1]) do
  redis.call('SET', ARGV[2] .. math.random(1, 1e9), string.rep('x', tonumber(ARGV[3])), 'PX', 60000)
end
return 1`;

/** Writes strangers' keys into the cache store: so many, of so many bytes each; refusals are all right. */
export async function fillCache(chaos: Chaos, count: number, bytes: number): Promise<void> {
  const args = [String(count), `${chaos.run}-filler-`, String(bytes)];
  await chaos.store.ask('command', 'cache', 'EVAL', script, '0', ...args).catch(() => undefined);
}

/** How many keys the cache store has evicted since it started. */
export async function evictedKeys({ store }: Chaos): Promise<number> {
  const info = String(await store.ask('command', 'cache', 'INFO', 'stats'));
  return Number(/evicted_keys:(\d+)/.exec(info)?.[1] ?? 0);
}
