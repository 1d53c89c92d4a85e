import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import type { FaultEvents } from '../../shared/fault-events.ts';
import { answerClientError, endWithProblem, refuse } from './client-error.ts';
import { SILENT_MS } from './keep-alive.ts';
import { mostConnections } from './most-connections.ts';
import type { MessageClasses } from './message-classes.ts';
import type { OpenAnswers } from './open-answers.ts';

/** What a gateway's server answers with, and what it tells of. */
export interface GatewayServerOptions {
  readonly app: RequestListener;
  /** What requests and responses are made of; node's own when left out. */
  readonly classes?: MessageClasses | undefined;
  /** What can be answered before anybody looks closer; what it takes on is answered. */
  readonly tier?:
    | { answer(request: IncomingMessage, response: ServerResponse): boolean }
    | undefined;
  readonly open: OpenAnswers;
  readonly events: Pick<FaultEvents, 'fault'>;
  readonly maxConnections?: number;
  /** How long a connection may be silent. */
  readonly silentMs?: number | undefined;
}

/** Bounds on a client that sends slowly. */
const SERVER_OPTIONS = {
  // A request without a body needs no stream for one.
  optimizeEmptyRequests: true,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  // Silence is bounded once for each connection, not anew behind each answer (decision 0039).
  keepAliveTimeout: 0,
  maxHeaderSize: 16 * 1_024,
  // Checked here, so that the answer is problem details.
  requireHostHeader: false,
};

/**
 * The server of one gateway process: every socket and every answer in it has its bounds, and what is no request is told so.
 * What node:http is busy with all the time, sockets, requests and responses, is of one shape each (decision 0038).
 */
export function createGatewayServer(options: GatewayServerOptions): Server {
  const { app, classes, tier, open, events } = options;
  const { maxConnections = mostConnections(), silentMs = SILENT_MS } = options;
  const server = createServer({ ...SERVER_OPTIONS, ...classes }, (request, response) => {
    if (!open.isEnding && tier?.answer(request, response)) {
      // Mostly the system has taken it already, whole.
      if (!hasLeft(response)) open.take(request, response);
      return;
    }
    open.take(request, response);
    const hosts = countOf('host', request.rawHeaders);
    // RFC 9112, section 3.2: exactly one from HTTP/1.1 on. Two are how a proxy and we come to see different requests.
    if (hosts > 1 || (hosts === 0 && request.httpVersion !== '1.0'))
      refuse(response, 'malformed-request');
    else app(request, response);
  });
  // Unless they drop it, the processes of a cluster that are all full pass a connection around for ever.
  Object.assign(server, { maxConnections, dropMaxConnection: true, timeout: silentMs });
  // Who is asked remembers the answer, in a property of its own: asked later, some sockets would have it and others not.
  server.on('connection', ({ remoteAddress }) => remoteAddress);
  server.on('drop', () =>
    events.fault('connection-dropped', 'too many connections', { maxConnections }),
  );
  server.on('clientError', (error, socket) =>
    answerClientError(error, socket, open.hasBegunOn(socket as Socket)),
  );
  server.on('checkExpectation', (request, response) => {
    open.take(request, response);
    refuse(response, 'expectation-failed');
  });
  server.on('connect', (_request, socket) =>
    endWithProblem(socket, 'method-not-allowed', { Allow: 'GET, HEAD' }),
  );
  return server;
}

/** An answer behind another one on its connection has no socket yet. */
function hasLeft({ writableEnded, socket }: ServerResponse): boolean {
  return writableEnded && socket !== null && socket.writableLength === 0;
}

/** How often a header was sent; Node's own view keeps the first one only. */
function countOf(header: string, rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.toLowerCase() === header) count++;
  return count;
}
