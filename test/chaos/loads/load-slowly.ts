import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { startChild, stopChild } from '../../../stack/child.ts';
import { findRedisServer } from '../../../stack/redis/find-server.ts';
import { redisFlags } from '../../../stack/redis/flags.ts';
import type { Chaos } from '../row.ts';
import type { StoreName } from './without-store.ts';

/** A store that is loading its append-only file and refuses every command with -LOADING until it has. */
export interface LoadingStore extends AsyncDisposable {
  /** Resolves when it has loaded everything. */
  loaded(): Promise<void>;
}

const fillersPerSecond = 4_000;
const fill = `
for number = 1, tonumber(ARGV[1]) do
  redis.call('SET', 'filler:' .. number, 'x', 'PX', 600000)
end
return redis.call('DBSIZE')`;
const clear = `
for number = 1, tonumber(ARGV[1]) do
  redis.call('UNLINK', 'filler:' .. number)
end
return redis.call('DBSIZE')`;

/** Gives a store that many keys that it needs about so long to load them, and a method to take them away. */
export async function fillToLoad(chaos: Chaos, store: StoreName, loadsForMs: number) {
  const count = String(Math.ceil((loadsForMs / 1_000) * fillersPerSecond));
  const command = (name: string, ...args: string[]) =>
    chaos.store.ask('command', store, name, ...args);
  await command('CONFIG', 'SET', 'appendonly', 'yes');
  // The first file of a store that had none is written behind its back.
  while (
    /rewrite_in_progress:1|rewrite_scheduled:1/.test(String(await command('INFO', 'persistence')))
  )
    await sleep(50);
  await command('EVAL', fill, '0', count);
  return { empty: () => command('EVAL', clear, '0', count) };
}

/** Stops a store and starts a server on its port and its data that takes 100 µs and more for each key that it loads. */
export async function loadSlowly({ stack }: Chaos, store: StoreName): Promise<LoadingStore> {
  const redis = stack.redis[store];
  const command = await findRedisServer(process.env['PATH'] ?? '');
  if (redis === undefined || command === undefined) throw new Error(`no server for ${store}`);
  await redis.stop();
  const directory = join(stack.dataFolder, `redis-${store}`);
  const ready = Promise.withResolvers<void>();
  const place = ['--port', `${redis.port}`, '--bind', '127.0.0.1', '--dir', directory];
  const slowly = ['--appendonly', 'yes', '--key-load-delay', '100'];
  const child = await startChild({
    command,
    args: [...place, ...redisFlags(store), ...slowly],
    env: process.env,
    onLine: (_stream, line) => {
      if (line.includes('Ready to accept connections')) ready.resolve();
    },
  });
  return {
    loaded: () => ready.promise,
    [Symbol.asyncDispose]: () => stopChild(child, 5_000),
  };
}
