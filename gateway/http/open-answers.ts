import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What bounds an answer from its request to its last byte. */
export interface OpenAnswersOptions {
  /** How long after its request an answer is due at the latest. */
  readonly answerWithinMs: number;
  /** Told of every answer that was cut because its client did not take it in time. */
  readonly onCut: (cut: CutAnswer) => void;
}

/** An answer that was cut: when it should have been sent, and how much of it was not taken. */
export interface CutAnswer {
  readonly requestId: string;
  readonly lateMs: number;
  readonly bytesLeft: number;
}

/**
 * The answers that have not left whole. An answer's last byte leaves within a second of the instant at which the answer was
 * due; whoever reads more slowly loses his connection, and with it what memory the rest of the answer takes.
 */
export interface OpenAnswers {
  readonly size: number;
  /** Every answer ends its connection now. */
  readonly isEnding: boolean;
  /** Takes an answer in when its request has come; it leaves by itself. */
  take(request: IncomingMessage, response: ServerResponse): void;
  /** From now on every answer ends its connection, those under way included. */
  endConnections(): void;
  /** Whether an answer of this connection has begun to leave: then nothing else may be written to it. */
  hasBegunOn(socket: Socket): boolean;
  /** Cuts what is overdue. */
  tick(): void;
  start(): void;
  stop(): void;
}

const LOOK_EVERY_MS = 250;
/** Overdue at one look, cut at the next: within a second of the due instant, and never without a turn for the socket between. */
const OVERDUE_AFTER_MS = 450;
/** How much longer one may take that has not begun to leave. */
const UNSENT_MS = 1_000;

const dueOf = new WeakMap<ServerResponse, number>();

/** Says that an answer is due sooner than answers are in general, or later: a stream may have for ever. */
export function noteDue(response: ServerResponse, remainingMs: number): void {
  dueOf.set(response, performance.now() + remainingMs);
}

/** No answers yet. */
export function createOpenAnswers({ answerWithinMs, onCut }: OpenAnswersOptions): OpenAnswers {
  const open = new Map<ServerResponse, { readonly socket: Socket; readonly latestMs: number }>();
  const overdue = new Set<ServerResponse>();
  let isEnding = false;
  let timer: NodeJS.Timeout | undefined;

  function cut(response: ServerResponse, socket: Socket, lateMs: number): void {
    const requestId = String(response.getHeader('X-Request-Id'));
    const bytesLeft = response.writableLength + socket.writableLength;
    socket.destroy();
    onCut({ requestId, lateMs: Math.round(lateMs), bytesLeft });
  }
  function tick(): void {
    const now = performance.now();
    for (const [response, { socket, latestMs }] of open) {
      const lateMs = now - dueMsOf(response, latestMs);
      if (lateMs < OVERDUE_AFTER_MS || socket.destroyed) continue;
      if (overdue.has(response)) cut(response, socket, lateMs);
      else overdue.add(response);
    }
  }
  return {
    get size() {
      return open.size;
    },
    get isEnding() {
      return isEnding;
    },
    take({ socket }, response) {
      open.set(response, { socket, latestMs: performance.now() + answerWithinMs });
      response.once('close', () => {
        open.delete(response);
        overdue.delete(response);
      });
      if (isEnding) response.shouldKeepAlive = false;
    },
    endConnections() {
      isEnding = true;
      for (const response of open.keys())
        if (!response.headersSent) response.shouldKeepAlive = false;
    },
    hasBegunOn: (socket) =>
      [...open].some(([response, one]) => one.socket === socket && response.headersSent),
    tick,
    start() {
      timer ??= setInterval(tick, LOOK_EVERY_MS);
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}

/** While an answer has not begun, its own timer decides when it is sent: the bound here is only for one that has none. */
function dueMsOf(response: ServerResponse, latestMs: number): number {
  const noted = dueOf.get(response);
  return response.headersSent ? (noted ?? latestMs) : Math.max(latestMs, noted ?? 0) + UNSENT_MS;
}
