import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Code, ERROR_CODES } from '../../shared/error-codes.ts';

const CODES: Readonly<Record<string, Code>> = {
  HPE_HEADER_OVERFLOW: 'request-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};
/** How long a client may take to read that he was refused. */
const LINGER_MS = 1_000;

/**
 * Answers what never became a request, because it is no HTTP, too large or too slow, with problem details and the end of
 * the connection. Where another answer has begun to leave there is only the end: nothing may be written into it.
 */
export function answerClientError(
  error: Error & { code?: string },
  socket: Duplex,
  hasBegun: boolean,
): void {
  if (!socket.writable || hasBegun || error.code === 'ECONNRESET') socket.destroy();
  else endWithProblem(socket, CODES[error.code ?? ''] ?? 'malformed-request');
}

/** Refuses a request before any route has seen it, and ends its connection. */
export function refuse(response: ServerResponse, code: Code): void {
  const { status, headers, body } = problemOf(code);
  response.writeHead(status, headers).end(body);
}

/** Writes problem details to a connection that belongs to no request, and ends it. */
export function endWithProblem(
  socket: Duplex,
  code: Code,
  more: Readonly<Record<string, string>> = {},
): void {
  const { status, title, headers, body } = problemOf(code);
  const lines = Object.entries({ ...headers, ...more }).map(([name, value]) => `${name}: ${value}`);
  // Who does not read this, or does not close, loses the connection all the same.
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.end([`HTTP/1.1 ${status} ${title}`, ...lines, '', body].join('\r\n'));
}

function problemOf(code: Code) {
  const { status, title } = ERROR_CODES[code];
  const requestId = crypto.randomUUID();
  const type = `urn:punctual:problem:${code}`;
  const body = JSON.stringify({ type, title, status, code, requestId });
  const headers = {
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
    'X-Request-Id': requestId,
    'Cache-Control': 'no-store',
    Connection: 'close',
  };
  return { status, title, headers, body };
}
