import { startRole } from '../../stack/role-process.ts';

/** A bare node:http server in a process of its own. */
export interface BareServer extends AsyncDisposable {
  readonly url: string;
}

/** Starts a bare server that gives every request the answer that `copyOf` gives now. */
export async function startBareServer(copyOf: string, signal: AbortSignal): Promise<BareServer> {
  const server = await startRole({
    name: 'bare-server',
    entry: 'bench/peers/bare-server.ts',
    env: { PATH: process.env['PATH'], BARE_COPY_OF: copyOf },
    portSettings: {},
    readyWithinMs: 10_000,
    stopWithinMs: 5_000,
    log: () => undefined,
    onProgress: () => undefined,
    signal,
  });
  const url = server.ready['bare'];
  if (url === undefined) throw new Error('the bare server did not name its address');
  return { url, [Symbol.asyncDispose]: () => server.stop() };
}
