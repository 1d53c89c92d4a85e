import type { ServerResponse } from 'node:http';
import { matchesTag } from '../http/freshness-headers.ts';
import type { Encoding } from './accepted-encoding.ts';
import type { ReadyAnswer } from './ready-answer.ts';

/** What an answer says of the request that it answers. */
export interface LeavingFacts {
  readonly requestId: string;
  readonly ifNoneMatch: string | undefined;
  readonly encoding: Encoding;
  readonly elapsedMs: number;
  readonly serverTiming: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Sends an answer whole, in one go: 304 when the caller has it already. The one way by which answers leave. */
export function leave(response: ServerResponse, ready: ReadyAnswer, facts: LeavingFacts): void {
  const { headers, meta } = ready.tell(facts.now);
  if (matchesTag(facts.ifNoneMatch, ready.tag)) {
    response.writeHead(304, headersOf(headers, facts)).end();
    return;
  }
  const end = meta(facts.requestId, facts.elapsedMs);
  const { body, bytes, encoding } = ready.body.write(facts.encoding, end);
  const all = headersOf(headers, facts);
  all.push('Content-Type', 'application/json; charset=utf-8', 'Content-Length', String(bytes));
  if (encoding !== 'identity') all.push('Content-Encoding', encoding);
  response.writeHead(200, all);
  if (typeof body === 'string') response.end(body, 'latin1');
  else endWith(response, body);
}

function headersOf(headers: readonly string[], facts: LeavingFacts): string[] {
  return [...headers, 'X-Request-Id', facts.requestId, 'Server-Timing', facts.serverTiming];
}

/** Head and parts leave in one system call. */
function endWith(response: ServerResponse, parts: readonly Buffer[]): void {
  response.cork();
  for (const part of parts) response.write(part);
  response.end();
}
