import type { ServerResponse } from 'node:http';
import { ownMeta } from '../http/envelope.ts';
import { matchesTag } from '../http/freshness-headers.ts';
import type { Encoding } from './accepted-encoding.ts';
import type { OwnHead } from './head.ts';
import type { ReadyAnswer } from './ready-answer.ts';

/** What an answer says of the request that it answers. */
export interface LeavingFacts extends Omit<OwnHead, 'staysOpen'> {
  readonly ifNoneMatch: string | undefined;
  readonly encoding: Encoding;
  readonly elapsedMs: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Sends an answer whole, in one go: 304 when the caller has it already. The one way by which answers leave. */
export function leave(response: ServerResponse, ready: ReadyAnswer, facts: LeavingFacts): void {
  const { requestId, serverTiming, elapsedMs } = facts;
  const { head, meta } = ready.tell(facts.now);
  const own = { requestId, serverTiming, staysOpen: response.shouldKeepAlive };
  if (matchesTag(facts.ifNoneMatch, ready.tag)) {
    response.writeHead(304, head.unchanged(own)).end();
    return;
  }
  const ownEnd = ownMeta(requestId, elapsedMs);
  const { body, bytes, encoding } = ready.body.write(facts.encoding, meta, ownEnd);
  response.writeHead(200, head.whole(own, bytes, encoding));
  if (typeof body === 'string') response.end(body, 'latin1');
  else endWith(response, body);
}

/** Head and parts leave in one system call. */
function endWith(response: ServerResponse, parts: readonly Buffer[]): void {
  response.cork();
  for (const part of parts) response.write(part);
  response.end();
}
