import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a client is slow: it sends its headers or its body a byte a second, or reads its answer a kilobyte a second. */
export type Slowness = 'headers' | 'body' | 'reading';

/** Slow clients, and for how long they watch what becomes of them. */
export interface SlowCrowd {
  readonly slowness: Slowness;
  readonly path: string;
  readonly count: number;
  readonly watchMs: number;
}

/** What became of a slow client: how much it got, and when its connection ended; a reader hears of that only when it reads on. */
export interface SlowEnd {
  readonly bytes: number;
  /** Endless for a connection that was still there at the end. */
  readonly closedAfterMs: number;
}

const everyMs = 1_000;
const readBytes = 1_024;
const readOnMs = 5_000;

/** Opens connections that are slow in one way; at the end of their watch readers read on as fast as they can. */
export async function openSlowly(origin: string, crowd: SlowCrowd): Promise<SlowEnd[]> {
  return Promise.all(Array.from({ length: crowd.count }, () => beSlow(origin, crowd)));
}

async function beSlow(origin: string, { slowness, path, watchMs }: SlowCrowd): Promise<SlowEnd> {
  const { hostname, port } = new URL(origin);
  const openedMs = performance.now();
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let bytes = 0;
  let closedAfterMs = Number.POSITIVE_INFINITY;
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      closedAfterMs = performance.now() - openedMs;
      resolve();
    });
  });
  socket.write(beginningOf(slowness, path));
  if (slowness !== 'reading') socket.resume();
  const drip = setInterval(() => (bytes += goOn(socket, slowness)), everyMs);
  await Promise.race([closed, sleep(watchMs)]);
  clearInterval(drip);
  if (slowness === 'reading') {
    socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
    await Promise.race([closed, sleep(readOnMs)]);
  }
  socket.destroy();
  return { bytes, closedAfterMs };
}

function beginningOf(slowness: Slowness, path: string): string {
  const start = `GET ${path} HTTP/1.1\r\nHost: slow\r\n`;
  switch (slowness) {
    case 'headers':
      return start;
    case 'body':
      return `${start}Content-Length: 1000\r\n\r\n`;
    case 'reading':
      return `${start}\r\n`;
    default:
      return slowness satisfies never;
  }
}

/** Sends a byte, or reads a kilobyte; returns how many bytes were read. */
function goOn(socket: Socket, slowness: Slowness): number {
  if (slowness !== 'reading') {
    if (socket.writable) socket.write(slowness === 'headers' ? 'X' : 'b');
    return 0;
  }
  const chunk: unknown = socket.read(Math.min(readBytes, socket.readableLength));
  return Buffer.isBuffer(chunk) ? chunk.length : 0;
}
