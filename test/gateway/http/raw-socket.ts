import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A client that writes what no HTTP client would, and keeps all that it is sent. */
export interface RawSocket extends Disposable {
  readonly socket: Socket;
  /** Resolves when the other side has closed or cut the connection. */
  readonly closed: Promise<unknown>;
  write(text: string): void;
  /** What has come so far. */
  text(): string;
}

/** Connects to the address of a URL. */
export async function rawSocket(url: string): Promise<RawSocket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: string[] = [];
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => chunks.push(String(chunk)));
  const closed = new Promise((resolve) => {
    socket.once('close', resolve);
  });
  await once(socket, 'connect');
  return {
    socket,
    closed,
    write: (text) => void socket.write(text),
    text: () => chunks.join(''),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

/** Writes all at once and reads until the other side closes. */
export async function exchange(url: string, text: string): Promise<string> {
  using raw = await rawSocket(url);
  raw.write(text);
  await raw.closed;
  return raw.text();
}

/** The statuses of the answers in what was read. */
export function statusesIn(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
