import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { bounded } from '../../shared/bounded.ts';
import { ForeignReply } from './own-reply.ts';

/** No reply may be larger on the wire: several times what BigQuery puts into one page. */
export const MAX_REPLY_BYTES = 64 * 1024 * 1024;
const LOOK_MS = 50;

/** When a call of the client ends at the latest. */
export interface CallBound {
  readonly milliseconds: number;
  /** Nobody wants the answer any more. */
  readonly signal?: AbortSignal;
  /** How much longer than the signal the call may take: an insert that is on its way is better known than lost. */
  readonly graceMs?: number;
}

/** A reply beyond {@link MAX_REPLY_BYTES}; BigQuery's own word for it makes it the same error as BigQuery's. */
class ReplyTooLarge extends Error {
  readonly errors = [{ reason: 'responseTooLarge' }];
}

/** The connections of one call of the client. */
interface Connections {
  readonly requests: Map<
    ClientRequest,
    { readonly socket: Socket; readonly before: number } | undefined
  >;
  closed: boolean;
}

const currentCall = new AsyncLocalStorage<Connections>();

// The client takes neither a signal nor an agent, so its requests are found where Node makes them.
subscribe('http.client.request.created', (message) => {
  const { request } = message as { request: ClientRequest };
  const call = currentCall.getStore();
  if (!call) return;
  if (call.closed) request.destroy();
  call.requests.set(request, undefined);
  request.once('socket', (socket) =>
    call.requests.set(request, { socket, before: socket.bytesRead }),
  );
});

/**
 * Calls the client, which has no deadline of its own, and closes the call's connections when its bound is over or its
 * reply grows too large, so that nothing hangs on unseen. Rejects with a TimeoutError, or with what the client rejects with.
 */
export async function callWarehouse<T>(
  call: () => Promise<T>,
  { milliseconds, signal, graceMs = 0 }: CallBound,
): Promise<T> {
  const connections: Connections = { requests: new Map(), closed: false };
  let grace: NodeJS.Timeout | undefined;
  const onAbort = () => {
    grace = setTimeout(() => close(connections), graceMs);
  };
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  let oversized = false;
  const watch = setInterval(() => {
    oversized ||= received(connections) > MAX_REPLY_BYTES;
    if (oversized) close(connections);
  }, LOOK_MS);
  try {
    return await bounded(currentCall.run(connections, call), milliseconds, 'the warehouse');
  } catch (error) {
    close(connections);
    if (error instanceof ForeignReply) disconnect(connections);
    throw oversized ? new ReplyTooLarge(`a reply of more than ${MAX_REPLY_BYTES} bytes`) : error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    clearInterval(watch);
    clearTimeout(grace);
  }
}

function received({ requests }: Connections): number {
  let bytes = 0;
  for (const used of requests.values()) if (used) bytes += used.socket.bytesRead - used.before;
  return bytes;
}

function close(connections: Connections): void {
  connections.closed = true;
  for (const request of connections.requests.keys()) request.destroy();
}

/** A request that is over has given its connection back, and closing it would change nothing. */
function disconnect({ requests }: Connections): void {
  for (const used of requests.values()) used?.socket.destroy();
}
