import { startRole } from '../../stack/role-process.ts';
import { pinGroup } from '../load/pin.ts';
import { copyOfEnv } from './copy-of.ts';
import type { Peer, PeerSetting, StartedPeer } from './peer.ts';

/** A peer that is a Node process: a module of `servers/`, with settings of its own. */
export function nodePeer(name: string, module: string, env: NodeJS.ProcessEnv = {}): Peer {
  return { name, start: (setting) => startNodePeer(module, env, setting) };
}

/** Starts a module of `servers/` in a process of its own. */
export async function startNodePeer(
  module: string,
  env: NodeJS.ProcessEnv,
  { copyOf, redisUrl, cores, signal }: PeerSetting,
): Promise<StartedPeer> {
  const server = await startRole({
    name: module,
    entry: `bench/peers/servers/${module}.ts`,
    env: {
      PATH: process.env['PATH'],
      // Frameworks do less checking, and say less, for production.
      NODE_ENV: 'production',
      PEER_REDIS_URL: redisUrl,
      ...copyOfEnv(copyOf),
      ...env,
    },
    portSettings: {},
    readyWithinMs: 20_000,
    stopWithinMs: 5_000,
    log: () => undefined,
    onProgress: () => undefined,
    signal,
  });
  const origin = server.ready['peer'];
  if (origin === undefined) throw new Error(`${module} did not name its address`);
  if (cores !== undefined) await pinGroup(server.pid, cores);
  return { origin, [Symbol.asyncDispose]: () => server.stop() };
}
