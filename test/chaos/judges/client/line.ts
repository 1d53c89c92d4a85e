import { connect, type Socket } from 'node:net';
import type { Exchange } from './exchange.ts';
import type { Breakage } from './plan.ts';
import { leastBytes, readReply, type Reply } from './read-reply.ts';

/** Fills in the times and the end of an exchange as they happen. */
export interface Asking {
  readonly exchange: Exchange;
  readonly request: Buffer;
  /** When to give the answer up as one that never comes, and when the client goes away; in milliseconds after sending. */
  readonly hangsAfterMs: number;
  readonly leavesAfterMs: number | undefined;
}

/** A raw connection for one request at a time. */
export interface Line {
  /** Whether another request may be sent over it. */
  readonly isUsable: boolean;
  /** Sends a request and resolves when its answer is whole or cannot come any more; never rejects. */
  ask(asking: Asking): Promise<Reply | undefined>;
  close(): void;
}

/** Connects to a server; what goes wrong shows in the first exchange. */
export function openLine(origin: string): Line {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let isBusy = false;
  let failure: Breakage | undefined;
  socket.on('error', (error: NodeJS.ErrnoException) => (failure = breakageOf(error)));
  socket.on('close', () => (failure ??= 'closed'));
  return {
    get isUsable() {
      return !isBusy && failure === undefined && socket.readable && socket.writable;
    },
    async ask(asking) {
      isBusy = true;
      const reply = await converse(socket, asking, () => failure);
      isBusy = false;
      if (reply === undefined || reply.headers['connection'] === 'close') socket.destroy();
      return reply;
    },
    close: () => void socket.destroy(),
  };
}

function converse(
  socket: Socket,
  { exchange, request, hangsAfterMs, leavesAfterMs }: Asking,
  failure: () => Breakage | undefined,
): Promise<Reply | undefined> {
  const answered = Promise.withResolvers<Reply | undefined>();
  const sinceSent = () => performance.now() - exchange.sentMs;
  const chunks: Buffer[] = [];
  let received = 0;
  let needed = 0;
  const tryToRead = (hasEnded: boolean) => {
    try {
      const bytes = Buffer.concat(chunks);
      const reply = readReply(bytes, hasEnded);
      if (reply === undefined) {
        needed = leastBytes(bytes);
        return;
      }
      exchange.lastByteMs = sinceSent();
      settle(reply);
    } catch {
      breakOff('closed');
    }
  };
  const onData = (chunk: Buffer) => {
    exchange.firstByteMs ??= sinceSent();
    chunks.push(chunk);
    received += chunk.length;
    // A large answer put together at each of its chunks would keep this process from asking others in time.
    if (received >= needed) tryToRead(false);
  };
  const onEnd = () => tryToRead(true);
  const onClose = () => breakOff(failure() ?? 'closed');
  const onConnect = () => (exchange.connectedMs = sinceSent());
  const hang = setTimeout(() => breakOff('hang'), hangsAfterMs);
  const leave =
    leavesAfterMs === undefined ? undefined : setTimeout(() => breakOff('left'), leavesAfterMs);

  function breakOff(how: Breakage | 'left'): void {
    exchange.broken ??= how;
    settle(undefined);
  }
  function settle(reply: Reply | undefined): void {
    clearTimeout(hang);
    clearTimeout(leave);
    socket.off('data', onData).off('end', onEnd).off('close', onClose).off('connect', onConnect);
    answered.resolve(reply);
  }
  if (socket.connecting) socket.once('connect', onConnect);
  else exchange.connectedMs = 0;
  socket.on('data', onData).on('end', onEnd).on('close', onClose);
  if (socket.destroyed) onClose();
  else socket.write(request);
  return answered.promise;
}

function breakageOf({ code }: NodeJS.ErrnoException): Breakage {
  if (code === 'ECONNREFUSED') return 'refused';
  return code === 'ECONNRESET' || code === 'EPIPE' ? 'reset' : 'closed';
}
