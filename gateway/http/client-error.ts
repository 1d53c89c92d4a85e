import type { Socket } from 'node:net';
import { type Code, ERROR_CODES } from '../../shared/error-codes.ts';

const CODES: Readonly<Record<string, Code>> = {
  HPE_HEADER_OVERFLOW: 'request-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

/** Answers what never became a request, because it is no HTTP, too large or too slow, with problem details and the end of the connection. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const code = CODES[error.code ?? ''] ?? 'malformed-request';
  const { status, title } = ERROR_CODES[code];
  const requestId = crypto.randomUUID();
  const type = `urn:punctual:problem:${code}`;
  const body = JSON.stringify({ type, title, status, code, requestId });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
