import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startChild } from '../../stack/child.ts';
import { startManaged } from '../../stack/managed-process.ts';
import { freePort } from '../../stack/port.ts';
import { findTool } from '../load/find-tool.ts';
import { onCores } from '../load/run-command.ts';
import { getOnce } from '../http/get-once.ts';
import type { Peer, PeerSetting, StartedPeer } from './peer.ts';

/** A caching proxy of others: how it is configured and called to stand in front of a server. */
export interface ProxyPlan {
  readonly name: string;
  readonly program: string;
  /** The text of its configuration; `folder` is its own, and empty. */
  config(place: ProxyPlace): string;
  args(place: ProxyPlace & { readonly configPath: string }): readonly string[];
}

/** Where a proxy listens, what it stands in front of, and where it may write. */
export interface ProxyPlace {
  readonly port: number;
  readonly upstream: { readonly host: string; readonly port: string };
  readonly folder: string;
}

const READY_WITHIN_MS = 20_000;
const STOP_WITHIN_MS = 5_000;
const ASK_EVERY_MS = 20;

/** A peer that is a caching proxy in front of the server whose answer the others copy. */
export function proxyPeer(plan: ProxyPlan): Peer {
  return {
    name: plan.name,
    async start(setting) {
      const program = await findTool(plan.program);
      return program === undefined ? 'absent' : await startProxy(plan, program, setting);
    },
  };
}

async function startProxy(
  plan: ProxyPlan,
  program: string,
  { copyOf, cores, signal }: PeerSetting,
): Promise<StartedPeer> {
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'punctual-bench-proxy-'));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const { hostname: host, port: upstreamPort, pathname, search } = new URL(copyOf.url);
  const port = await freePort();
  const place = { port, upstream: { host, port: upstreamPort }, folder };
  const configPath = join(folder, 'configuration');
  await writeFile(configPath, plan.config(place));
  const origin = `http://127.0.0.1:${port}`;
  const command = onCores(cores, program, plan.args({ ...place, configPath }));
  const proxy = await startManaged(
    {
      name: plan.name,
      readyWithinMs: READY_WITHIN_MS,
      stopWithinMs: STOP_WITHIN_MS,
      launch: () => startChild({ ...command, env: { PATH: process.env['PATH'] } }),
      waitUntilReady: (_child, looking) => untilAnswer(`${origin}${pathname}${search}`, looking),
    },
    signal,
  );
  cleanup.defer(() => proxy.stop());
  const owned = cleanup.move();
  return { origin, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Nobody listens at first; whatever comes then is for the caller to judge. */
async function untilAnswer(url: string, signal: AbortSignal): Promise<void> {
  while ((await getOnce(url).catch(() => undefined)) === undefined)
    await pause(ASK_EVERY_MS, undefined, { signal });
}
