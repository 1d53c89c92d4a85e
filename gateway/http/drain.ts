import type { Server } from 'node:http';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { OpenAnswers } from './open-answers.ts';

/** How long each step of a drain may take. */
export interface DrainOptions {
  /** How long new connections are still accepted, so that whoever spreads them can look elsewhere first. */
  readonly delayMs?: number;
  /** How long requests under way may take after that. */
  readonly withinMs: number;
}

const DELAY_MS = 1_000;
const LOOK_EVERY_MS = 20;

/**
 * Makes the way in which a server ends: for the delay everything is still answered, each answer ending its connection;
 * then nothing more is accepted, idle connections are closed, and what is under way is finished. A server to which nobody
 * has been connected for as long as the delay skips it.
 */
export function createDrain(
  server: Server,
  open: OpenAnswers,
  { delayMs = DELAY_MS, withinMs }: DrainOptions,
): () => Promise<void> {
  let connectedMs = Number.NEGATIVE_INFINITY;
  const noteClosed = () => void (connectedMs = performance.now());
  server.on('connection', (socket) => socket.on('close', noteClosed));
  const isQuiet = async () =>
    performance.now() - connectedMs >= delayMs && (await connectionsOf(server)) === 0;

  return async () => {
    open.endConnections();
    const delayEndsMs = performance.now() + delayMs;
    while (performance.now() < delayEndsMs && !(await isQuiet())) await sleep(LOOK_EVERY_MS);
    // Sockets are served between timers and immediates: whatever has come by now is accepted before the door closes, which
    // would reset it.
    await turn();
    const closed = new Promise((resolve) => server.close(resolve));
    // A connection that was idle when it was accepted, or goes idle after its answer, is closed by nobody else.
    const closingIdle = setInterval(() => server.closeIdleConnections(), LOOK_EVERY_MS);
    const closingAll = setTimeout(() => server.closeAllConnections(), withinMs);
    await closed;
    clearTimeout(closingAll);
    clearInterval(closingIdle);
  };
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) =>
    server.getConnections((error, count) => resolve(error ? 0 : count)),
  );
}
