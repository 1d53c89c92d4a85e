import type { Connection } from '../http/connection.ts';
import { expectStatus } from '../http/expect-source.ts';
import type { Reply } from '../http/read-reply.ts';

/** A request, and whether a reply to it is the one that is being measured. */
export interface Exchange {
  readonly request: Buffer;
  readonly isMeant: (reply: Reply) => boolean;
}

/** What came of sending a request many times: only replies that were meant are counted, the others are strays. */
export interface Load {
  /** Milliseconds from sending to the last byte. */
  readonly times: readonly number[];
  readonly perSecond: number;
  readonly strays: number;
}

/** Sends the request `count` times over one connection, each after the reply to the last; rejects at a reply that is not 200. */
export function askInTurn(
  connection: Connection,
  exchange: Exchange,
  count: number,
): Promise<Load> {
  return ask([connection], exchange, (sent) => sent < count);
}

/** Keeps every connection busy for `forMs`; rejects at a reply that is not 200. */
export function askAtOnce(
  connections: readonly Connection[],
  exchange: Exchange,
  forMs: number,
): Promise<Load> {
  const untilMs = performance.now() + forMs;
  return ask(connections, exchange, () => performance.now() < untilMs);
}

async function ask(
  connections: readonly Connection[],
  { request, isMeant }: Exchange,
  goesOn: (sent: number) => boolean,
): Promise<Load> {
  const times: number[] = [];
  let sent = 0;
  const startedMs = performance.now();
  const keepAsking = async (connection: Connection) => {
    while (goesOn(sent)) {
      sent++;
      const sentMs = performance.now();
      const reply = await connection.send(request);
      expectStatus(reply);
      if (isMeant(reply)) times.push(performance.now() - sentMs);
    }
  };
  await Promise.all(connections.map(keepAsking));
  const perSecond = (times.length * 1_000) / (performance.now() - startedMs);
  return { times, perSecond, strays: sent - times.length };
}
