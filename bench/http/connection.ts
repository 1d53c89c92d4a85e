import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Reply, readReply } from './read-reply.ts';

/** A keep-alive connection that sends prepared bytes: cheap enough not to be what a benchmark of a fast server measures. */
export interface Connection extends Disposable {
  /** Sends a request and resolves with its reply; one at a time. Rejects when the connection breaks or is silent for 30 s. */
  send(request: Buffer): Promise<Reply>;
}

const SILENT_MS = 30_000;

/** Connects to the server of a URL; rejects when nobody listens there. */
export async function openConnection(origin: string): Promise<Connection> {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  socket.setTimeout(SILENT_MS, () => socket.destroy(new Error(`silent for ${SILENT_MS} ms`)));
  return converse(socket);
}

/** Opens several connections, each with one GET of the URL behind it: a server may close one that stays silent at first. */
export async function openConnections(
  url: string,
  count: number,
): Promise<Disposable & { readonly all: readonly Connection[] }> {
  using stack = new DisposableStack();
  const all: Connection[] = [];
  while (all.length < count) {
    const connection = stack.use(await openConnection(url));
    await connection.send(getRequest(url));
    all.push(connection);
  }
  const kept = stack.move();
  return { all, [Symbol.dispose]: () => kept.dispose() };
}

/** The bytes of a GET request. */
export function getRequest(url: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  const { host, pathname, search } = new URL(url);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n${lines.join('')}\r\n`);
}

function converse(socket: Socket): Connection {
  let received: Buffer = Buffer.alloc(0);
  let waiting: PromiseWithResolvers<Reply> | undefined;

  function settle(reply: Reply | Error): void {
    const settled = waiting;
    waiting = undefined;
    if (reply instanceof Error) settled?.reject(reply);
    else settled?.resolve(reply);
  }
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    try {
      const reading = readReply(received);
      if (reading.kind === 'partial') return;
      received = received.subarray(reading.bytes);
      settle(reading.reply);
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  });
  socket.on('error', settle);
  socket.on('close', () => settle(new Error('the server closed the connection')));
  return {
    send(request) {
      if (waiting !== undefined || socket.destroyed)
        return Promise.reject(new Error(waiting ? 'a reply is still awaited' : 'closed'));
      waiting = Promise.withResolvers();
      socket.write(request);
      return waiting.promise;
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}
